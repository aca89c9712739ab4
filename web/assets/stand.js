// For a device that several people use: at most 3,200 bytes of source, inlined after page.js.
// A kiosk empties itself when left alone. A helper's tablet hands the last question over to the
// citizen on a screen of its own, which empties itself too. Twenty seconds before, it says so, and a
// touch keeps what is there (WCAG 2.2, 2.2.1).
(function () {
"use strict";
var form = document.querySelector("form");
var said = form.dataset;
var note = document.getElementById("het");
var limit = said.mode === "kiosk" ? 90 : 30;
var left = 0;

function say(text) {
  note.textContent = text;
  note.hidden = !text;
}

function touched() {
  if (!left) return;
  left = limit;
  say("");
}

function start() {
  left = limit;
  say("");
}

function empty() {
  left = 0;
  homthu.renew();
  window.scrollTo(0, 0);
}

setInterval(function () {
  if (!left) return;
  left--;
  if (left === 20 || left === 10) say(said.idle.replace("{n}", left));
  if (left) return;
  empty();
  say(said.emptied);
}, 1000);

["pointerdown", "keydown", "scroll"].forEach(function (touch) { window.addEventListener(touch, touched); });
form.addEventListener("parked", empty);

// --- The kiosk: from the first answer, or the first screen after the first, on.
if (said.mode === "kiosk") {
  form.addEventListener("input", start);
  form.addEventListener("screen", function () {
    if (document.getElementById("dau").hidden) start();
  });
  return;
}

// --- The helper's tablet: the last question is the citizen's own, on a screen of its own.
var theirs = document.getElementById("moi");
var hand = document.getElementById("trao");
var back = document.getElementById("lai");
var last = theirs.querySelector("fieldset");

hand.addEventListener("click", function () {
  if (!homthu.check(last.id)) return;
  homthu.go(theirs);
  start();
});

back.addEventListener("click", function () { history.back(); });

// Whoever takes the tablet back must not see what was chosen.
form.addEventListener("screen", function () {
  hand.hidden = document.getElementById("xem").hidden;
  back.hidden = theirs.hidden;
  if (!theirs.hidden) return;
  Array.prototype.forEach.call(last.querySelectorAll("input"), function (radio) { radio.checked = false; });
  if (!left) return;
  left = 0;
  say("");
});

form.dispatchEvent(new Event("screen"));
})();
