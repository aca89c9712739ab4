// Typing in paper slips: at most 3,700 bytes of source, inlined after page.js.
// The slips are counted before the first is typed in, and the batch closes only when those that the
// server acknowledged and those that are spoiled make up that count. Only counts are kept, in this tab.
(function () {
"use strict";
var form = document.querySelector("form");
var batch = document.getElementById("lo-phieu");
var said = batch.dataset;
var counted = document.getElementById("so-phieu");
var line = document.getElementById("da-nhap");
var buttons = batch.querySelectorAll("button");
var state = { entered: 0, spoiled: 0, counted: "" };

function show(text) {
  try { sessionStorage.setItem("homthu-lo", JSON.stringify(state)); } catch (ignored) { /* counts on */ }
  line.textContent = (text || "") + said.line.replace("{entered}", state.entered)
    .replace("{spoiled}", state.spoiled).replace("{counted}", state.counted || "?");
}

function begin() {
  var first = form.querySelector("input[type=radio]");
  if (first) first.focus();
}

try { state = JSON.parse(sessionStorage.getItem("homthu-lo")) || state; } catch (ignored) { /* a new batch */ }
counted.value = state.counted;
batch.hidden = line.hidden = false;
show();

counted.addEventListener("input", function () {
  state.counted = counted.value;
  show();
});

document.getElementById("cho").addEventListener("settled", function () {
  state.entered++;
  show();
});

form.addEventListener("parked", begin);
form.addEventListener("acknowledged", begin);

buttons[0].addEventListener("click", function () {
  state.spoiled++;
  show();
});

buttons[1].addEventListener("click", function () {
  var missing = Number(state.counted) - state.entered - state.spoiled;
  if (!Number(state.counted)) return show(said.uncounted + " ");
  if (missing) return show((missing > 0 ? said.missing : said.over).replace("{n}", Math.abs(missing)) + " ");
  var done = said.closed.replace("{counted}", state.counted).replace("{entered}", state.entered)
    .replace("{spoiled}", state.spoiled);
  state = { entered: 0, spoiled: 0, counted: "" };
  counted.value = "";
  show(done + " ");
});

// The letters printed on the slip choose; the next question follows. A key held down, or one for the
// browser, chooses nothing, and neither does what an input method made of other keys.
form.addEventListener("keydown", function (event) {
  var key = event.key.toLowerCase();
  if (event.target.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (key === "process" || key.length === 1 && key > "~") {
    event.preventDefault();
    return show(said.method + " ");
  }
  var group = event.target.closest("fieldset");
  var chosen = key.length === 1 && group.querySelectorAll("input")[key.charCodeAt(0) - 97];
  if (!chosen) return;
  event.preventDefault();
  chosen.checked = true;
  chosen.dispatchEvent(new Event("input", { bubbles: true }));
  var next = group.nextElementSibling;
  (next.tagName === "FIELDSET" && next.querySelector("input") || document.getElementById("@TEXT@")).focus();
});
})();
