// One question a screen: at most 7,300 bytes of source, inlined after page.js.
// A screen is an element with `data-b`, its place in the order; which one shows is said by the address
// behind `#`, so that the browser's way back goes one question back and a reload stays where it was.
(function () {
"use strict";
var form = document.querySelector("form");
var said = form.dataset;
var start = document.getElementById("dau"), words = document.getElementById("viet");
var review = document.getElementById("xem"), bar = document.getElementById("thanh");
var next = document.getElementById("tiep"), send = form.querySelector("button.send:not([type])");
var field = document.getElementById("@TEXT@");
var screens = Array.prototype.slice.call(form.querySelectorAll("[data-b]")).sort(function (a, b) {
  return a.dataset.b - b.dataset.b;
});
var last = screens.indexOf(words), now = start, isTouch = false, going, voice = null;

function isQuestion(screen) {
  return screen.tagName === "FIELDSET";
}

function chosen(screen) {
  return screen.querySelector("input:checked");
}

function isFilled() {
  return field.value.trim() || form.querySelector("[data-b] input:checked");
}

// --- Showing the screen that the address names; the first where it names none.
function show() {
  var named = document.getElementById(location.hash.slice(1)), at;
  var before = now;
  now = start;
  screens.forEach(function (screen) { if (named && screen.contains(named)) now = screen; });
  at = screens.indexOf(now);
  // From the list of faults to one of them: back to the summary once it is put right.
  if (before === review && at && at <= last && !history.state) history.replaceState({ edit: 1 }, "");
  // Who has left a screen, and be it to come back at once, is not sent on by what they touched before.
  clearTimeout(going);
  screens.forEach(function (screen) { screen.hidden = screen !== now; });
  document.body.classList.toggle("di", now !== start);
  document.body.classList.toggle("xem", now === review);
  bar.hidden = !at || at > last + 1;
  bar.lastElementChild.textContent = at && at <= last ? at + "/" + last : "";
  next.hidden = !at || at > last;
  send.hidden = now !== screens[screens.length - 1];
  if (now === review) fill();
  if (voice) voice.pause();
  name();
  form.dispatchEvent(new Event("screen"));
}

function enter() {
  show();
  now.focus();
  window.scrollTo(0, 0);
}

function go(screen, isEdit) {
  document.getElementById("nhap").hidden = document.getElementById("rieng").hidden = true;
  history.pushState({ edit: isEdit }, "", "#" + screen.id);
  enter();
}

function forward() {
  if (history.state && history.state.edit) history.back();
  else go(screens[screens.indexOf(now) + 1]);
}

// The first screen of an empty form, with nothing behind `#`.
function reset() {
  history.replaceState(null, "", location.pathname + location.search);
  show();
}

// --- The button that goes on: for the keyboard, a screen reader, and what is left out.
function name() {
  var isSkipped = isQuestion(now) ? !chosen(now) && !now.querySelector("[required]") : !field.value.trim();
  next.textContent = isSkipped ? said.skip : said.next;
  next.className = isQuestion(now) ? "send plain" : "send";
}

next.addEventListener("click", function () {
  var found = homthu.problems().filter(function (problem) { return now.contains(problem[0]); });
  if (!found.length) return forward();
  homthu.mark(found[0]);
  now.focus();
});

// --- The summary: a row for each answer, which leads to its screen and comes back.
function row(title, answer, screen, isEdit) {
  var button = document.createElement("button");
  [["span", title], ["b", answer]].forEach(function (part) {
    var made = document.createElement(part[0]);
    made.textContent = part[1] + " ";
    button.appendChild(made);
  });
  button.type = "button";
  button.className = "dong";
  button.addEventListener("click", function () { go(screen, isEdit); });
  review.appendChild(button);
}

function fill() {
  while (review.children[2]) review.removeChild(review.children[2]);
  var parts = [], service = document.getElementById("@SERVICE@");
  var rated = screens.filter(function (screen) { return isQuestion(screen) && chosen(screen); });
  screens.slice(1, last).forEach(function (screen) {
    var answer = chosen(screen);
    if (rated.length) row(screen.dataset.name, answer ? answer.parentNode.textContent : said.none, screen, 1);
  });
  if (!rated.length) row(review.dataset.ratings, said.none, screens[1]);
  Array.prototype.forEach.call(words.querySelectorAll("input:checked"), function (one) {
    parts.push(one.parentNode.textContent);
  });
  if (service.value) parts.push(service.options[service.selectedIndex].textContent);
  if (field.value.trim()) parts.push(field.value);
  row(words.dataset.name, parts.join("\n") || said.none, words, 1);
}

// --- A touch on an option goes on by itself; a key or a screen reader's tap, which has no size or no
// pressure, chooses only (WCAG 2.2, 3.2.2).
form.addEventListener("pointerdown", function (event) {
  isTouch = event.width > 1 || event.height > 1 || event.pressure > 0;
});
form.addEventListener("keydown", function () { isTouch = false; });
form.addEventListener("click", function (event) {
  var touched = event.target;
  if (touched.className === "nghe") {
    event.preventDefault();
    if (voice) voice.pause();
    voice = new Audio(touched.href);
    voice.play().catch(function () { location.assign(touched.href); });
  }
  if (isTouch && touched.type === "radio" && isQuestion(now)) {
    clearTimeout(going);
    going = setTimeout(forward, 200);
  }
});
form.addEventListener("input", name);

// Enter in a field goes on; only the last screen sends.
document.addEventListener("submit", function (event) {
  if (!send.hidden) return;
  event.preventDefault();
  event.stopPropagation();
  if (!next.hidden) next.click();
}, true);

bar.firstElementChild.addEventListener("click", function () {
  if (history.state) return history.back();
  history.replaceState(null, "", "#" + screens[screens.indexOf(now) - 1].id);
  enter();
});

Array.prototype.forEach.call(start.querySelectorAll("a.send"), function (link, n) {
  var button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.textContent = link.textContent;
  link.parentNode.replaceChild(button, link);
  button.addEventListener("click", function () {
    go(n ? words : screens[1]);
    if (n) field.focus();
  });
});

homthu.go = go;
form.addEventListener("renewed", reset);
window.addEventListener("hashchange", enter);
window.addEventListener("pageshow", function () {
  // A form that came back has its own address again: a reload finds the draft, not the end of a POST.
  if ("typed" in said && !location.hash) history.replaceState(null, "", said.typed + "#xem");
  if ("typed" in said || isFilled()) show();
  else reset();
});
document.body.classList.add("mot");
// What was folded for want of a script stands as the rest does.
var fold = form.querySelector(".them");
Array.prototype.slice.call(fold.querySelectorAll("[data-b]")).forEach(function (screen) {
  form.insertBefore(screen, fold);
});
form.removeChild(fold);
show();
})();
