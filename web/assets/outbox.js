// What waits to be sent: at most 7,500 bytes of source, inlined before the page's own script.
// A form is kept here before it is sent and until its receipt was reached. Each lies under its own key
// in localStorage, so that two tabs never overwrite each other; the server knows the key, so that
// sending one twice is never counted twice. A form is `b`, held for a person `h`; what was sent leaves
// its receipt's address `r` for a day; what was given up leaves only its key.
var homthu = {};
(function () {
"use strict";
var PREFIX = "homthu-cho:", WEEK = 6048e5, DAY = 864e5;
var panel = document.getElementById("cho");
var said = panel.dataset;
var parts = panel.children;
var opened = "", wait = 5000, timer = 0, busy = false, armed = false;

// A clock may be wrong in either direction.
function isFresh(item) {
  return Math.abs(Date.now() - item.t) < (item.b ? WEEK : DAY);
}

function read(name) {
  var item = null;
  try { item = JSON.parse(localStorage.getItem(name)); } catch (ignored) { /* not ours */ }
  if (item && (item.b || isFresh(item))) return item;
  localStorage.removeItem(name);
  return null;
}

function all() {
  var found = [], item;
  Object.keys(localStorage).forEach(function (name) {
    if (name.indexOf(PREFIX)) return;
    item = read(name);
    if (item) found.push(item);
  });
  return found.sort(function (a, b) { return a.t - b.t; });
}

function put(item) {
  localStorage.setItem(PREFIX + item.k, JSON.stringify(item));
}

// Never over another form: a tab that was duplicated has the same key. Only what a person opened to
// put it right is replaced.
function add(item) {
  for (var old; (old = localStorage.getItem(PREFIX + item.k)); item.k += ".") {
    if (old === opened || JSON.parse(old).b === item.b) break;
  }
  put(item);
}

// What is being put right is not sent behind its writer's back.
function hold(key) {
  homthu.writing = key;
  opened = key && localStorage.getItem(PREFIX + key);
  if (!key) sessionStorage.removeItem("homthu-mo");
}

function drop(item) {
  localStorage.removeItem(PREFIX + item.k);
}

// Resolves to the receipt's address, or to nothing when the server wants a person to look; is
// rejected when there is only waiting left. Our own «busy» page says when to try again.
function post(item) {
  var stop = new AbortController();
  var late = setTimeout(function () { stop.abort(); }, 20000);
  return fetch("/gui", {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: item.b,
    signal: stop.signal
  }).then(function (answer) {
    clearTimeout(late);
    if (answer.redirected && answer.ok && answer.url.indexOf("/da-gui?") > 0) return answer.url;
    if (answer.status > 500 && (answer.status !== 503 || answer.headers.get("Retry-After"))) throw answer.status;
    return "";
  });
}

// What was sent leaves the phone; its receipt's address stays a day, unless others use the phone.
// Unless it was wiped or replaced meanwhile.
function settle(item, receipt) {
  if ((read(PREFIX + item.k) || said).b === item.b) {
    if (!receipt) keep(item, 1);
    else if (said.shared) drop(item);
    else put({ k: item.k, t: Date.now(), r: receipt });
  }
  if (receipt) panel.dispatchEvent(new Event("settled"));
}

// It was tried and not taken. After a week it gets another by the clock of now, which may have leapt;
// after that it is given up, which is said for a day.
function keep(item, held) {
  var late = !isFresh(item);
  if (late && item.g) put({ k: item.k, t: Date.now() });
  else if (late || held) put({ k: item.k, t: late ? Date.now() : item.t, b: item.b, h: held, g: late || item.g });
}

// The page as a form is what the server answers to when a person has to look.
function open(item) {
  var form = document.createElement("form");
  form.method = "post";
  form.action = "/gui";
  new URLSearchParams(item.b).forEach(function (value, name) {
    var field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.appendChild(field);
  });
  sessionStorage.setItem("homthu-mo", item.k);
  document.body.appendChild(form);
  HTMLFormElement.prototype.submit.call(form);
}

function line(index, text) {
  parts[index].hidden = !text;
  if (parts[index].textContent !== text) parts[index].textContent = text;
}

// Waiting, to be looked at, given up, and sent, each with its number; nothing when there is none.
function show() {
  var waiting = 0, held = 0, gone = 0, links = parts[3], sent = [];
  all().forEach(function (item) {
    if (item.r) sent.push(item.r);
    else if (!item.b) gone++;
    else if (item.h) held++;
    else if (item.k !== homthu.writing) waiting++;
  });
  line(0, waiting ? said.waiting.replace("{n}", waiting) : "");
  line(1, held ? said.held.replace("{n}", held) : "");
  line(2, gone ? said.gone.replace("{n}", gone) : "");
  links.hidden = !sent.length;
  links.textContent = sent.length ? said.sent.replace("{n}", sent.length) : "";
  sent.forEach(function (address) {
    var link = document.createElement("a");
    link.href = address;
    link.textContent = said.receipt;
    links.appendChild(document.createTextNode(" "));
    links.appendChild(link);
  });
  parts[4].hidden = !waiting;
  parts[5].hidden = !held;
  parts[6].hidden = !waiting && !held;
  panel.hidden = !waiting && !held && !gone && !sent.length;
}

// One after the other, oldest first; what cannot go now is tried again, ever less often.
function flush() {
  try { next(); } catch (ignored) { /* no storage: nothing was kept */ }
}

function next() {
  clearTimeout(timer);
  var due = all().filter(function (item) { return item.b && (!item.h || !isFresh(item)) && item.k !== homthu.writing; });
  show();
  if (busy || !due.length) return;
  busy = true;
  post(due[0]).then(function (receipt) {
    busy = false;
    wait = 5000;
    settle(due[0], receipt);
    if (receipt && homthu.mine === due[0].k) location.replace(receipt);
    else flush();
  }, function () {
    busy = false;
    keep(due[0], due[0].h);
    show();
    timer = setTimeout(flush, wait);
    wait = Math.min(wait * 2, 300000);
  });
}

function now() {
  wait = 5000;
  flush();
}

homthu.add = add;
homthu.hold = hold;
homthu.post = post;
homthu.settle = settle;
homthu.open = open;
homthu.flush = flush;

parts[4].addEventListener("click", now);
parts[5].addEventListener("click", function () {
  open(all().filter(function (item) { return item.h; })[0]);
});
// No confirm(): chat browsers swallow it. A second press within five seconds is the confirmation.
parts[6].addEventListener("click", function () {
  if (!armed) {
    armed = true;
    parts[6].textContent = said.sure;
    setTimeout(function () {
      armed = false;
      parts[6].textContent = said.wipe;
    }, 5000);
    return;
  }
  all().forEach(drop);
  homthu.mine = "";
  panel.dispatchEvent(new Event("wiped"));
  show();
});
window.addEventListener("online", now);
window.addEventListener("storage", flush);
window.addEventListener("pageshow", function () {
  // On a page that shows nothing typed, what was opened was left again, and another form is sent.
  var typed = document.querySelector("[data-typed]");
  try {
    hold(typed ? sessionStorage.getItem("homthu-mo") || typed.elements["@KEY@"].value : "");
  } catch (ignored) { /* no storage */ }
  now();
});
})();
