// The form's script: at most 12,100 bytes of source, inlined after outbox.js and stamp.js.
// Syntax of 2009, features of Chrome 80 and iOS 14.
// The form works without any of it. Each part stands alone, so that one failure leaves the rest.
(function () {
"use strict";
var form = document.querySelector("form");
var fields = form.elements;
var said = form.dataset;
var keyField = fields["@KEY@"], stampField = fields["@STAMP@"], textField = fields["@TEXT@"];
var slot = "homthu:" + fields["@PLACE@"].value;
var summary = document.getElementById("loi");
var draftNote = document.getElementById("nhap");
var button = form.querySelector(".send");
var buttonText = button.textContent;
var sending = false;
var working = "";
var begun = false;
var whenStamped = null;
var hint = document.getElementById("rieng");
var hinted = false;
var registered = false;
var foreign = false;
var isPaper = said.mode === "nhap-phieu";

function attempt(part) {
  try { return part(); } catch (ignored) { return null; }
}

function each(list, visit) {
  Array.prototype.forEach.call(list, visit);
}

// --- The stamp.
// Slices of 10 ms leave the page free to scroll and type. A key longer than one block gets no stamp.
function stamp() {
  var key = keyField.value, n = 0;
  if (working === key || stampField.value || !key || key.length > 46) return;
  working = key;
  (function slice() {
    attempt(function () {
      var end = Date.now() + 10;
      while (working === key && Date.now() < end) {
        if (homthu.firstWord(key + ":" + n) >>> 18) n++;
        else {
          working = "";
          stampField.value = n;
          if (whenStamped) whenStamped();
        }
      }
      if (working === key) setTimeout(slice, 4);
    });
  })();
}

// --- The key: made once, kept with the draft, so that sending again is never counted twice.
function makeKey() {
  var bytes = crypto.getRandomValues(new Uint8Array(16)), key = "";
  each(bytes, function (byte) { key += (byte + 256).toString(16).slice(1); });
  return key;
}

// --- The draft: in this tab only, until the receipt clears it; none on a device that others use.
function isTyped(field) {
  return field.name && field.type !== "hidden" && field.name !== "@HONEYPOT@" && field.name !== "@PAPER_CODE@";
}

function isTicked(field) {
  return field.type === "radio" || field.type === "checkbox";
}

function save() {
  if (said.mode || foreign) return;
  var draft = { key: keyField.value, values: {} };
  each(fields, function (field) {
    if (isTyped(field) && (!isTicked(field) || field.checked)) draft.values[field.name] = field.value;
  });
  sessionStorage.setItem(slot, JSON.stringify(draft));
}

function restore(draft) {
  each(fields, function (field) {
    var value = draft.values[field.name];
    // As a draft of before November 2026 spells a question.
    if (value === undefined) value = draft.values[field.name.slice(2)];
    if (!isTyped(field) || value === undefined) return;
    if (isTicked(field)) field.checked = field.value === value;
    else field.value = value;
  });
  keyField.value = draft.key;
}

// Not form.reset(): that would bring back what a page that was sent back came with.
function wipe() {
  each(fields, function (field) {
    if (isTicked(field)) field.checked = false;
    else if (isTyped(field)) field.value = "";
  });
  keyField.value = stampField.value = working = "";
  hinted = !(hint.hidden = true);
}

// A form opened from what waits leaves the draft of another one alone.
function forget() {
  homthu.hold("");
  if (!foreign) sessionStorage.removeItem(slot);
}

// An empty form with a key of its own, for the next person.
function renew() {
  wipe();
  draftNote.hidden = summary.hidden = true;
  each(form.querySelectorAll(".bad"), clear);
  attempt(forget);
  attempt(function () { keyField.value = makeKey(); });
  attempt(count);
  begun = false;
  form.dispatchEvent(new Event("renewed"));
}

// Whoever comes back after the receipt finds an empty form, whatever the browser remembers: the
// phone may be in other hands.
function cameBack(event) {
  return event.persisted || performance.navigation && performance.navigation.type === 2;
}

function arrive(event) {
  unlock();
  attempt(function () {
    sessionStorage.setItem("homthu", "");
    sessionStorage.removeItem("homthu");
    var draft = JSON.parse(sessionStorage.getItem(slot));
    if ("typed" in said) {
      var opened = sessionStorage.getItem("homthu-mo");
      foreign = opened && draft && draft.key !== opened;
      if (!event.persisted) return;
    }
    if (draft) {
      restore(draft);
      draftNote.hidden = event.persisted;
    } else if (cameBack(event)) wipe();
  });
  attempt(function () { if (!keyField.value) keyField.value = makeKey(); });
  attempt(count);
  if ("typed" in said || !draftNote.hidden) begin();
}

// --- The first touch wakes the sender up and starts the work; every touch saves the draft.
function begin() {
  attempt(save);
  if (!begun) attempt(function () {
    fetch(form.action, { method: "HEAD", credentials: "omit", cache: "no-store" }).catch(function () {});
  });
  if (!registered && navigator.onLine !== false) attempt(register);
  begun = true;
  attempt(stamp);
}

// An enhancement only: it lets the form open without a connection the next time.
function register() {
  registered = true;
  var address = "/sw.js", types = window.trustedTypes;
  if (types) address = types.createPolicy("homthu", { createScriptURL: function () { return "/sw.js"; } }).createScriptURL("");
  navigator.serviceWorker.register(address).catch(function () {});
}

// --- The counter: in characters as a reader counts them, spoken only near the end and in pauses.
var voice = document.getElementById("noi"), pause;

function lengthOfText() {
  return Array.from(textField.value.normalize("NFC").trim()).length;
}

function count() {
  var length = lengthOfText(), left = said.limit - length;
  var text = (left < 0 ? said.over : said.left).replace("{n}", Math.abs(left));
  var line = document.getElementById("dem");
  line.textContent = length ? text : "";
  line.className = left < 0 ? "err" : "soft";
  clearTimeout(pause);
  if (left <= 100) pause = setTimeout(function () { voice.textContent = text; }, 1000);
}

// --- Checking: the server's rules (a text alone is enough) in the page's own words.
function check() {
  var found = [], seen = {}, length = lengthOfText();
  var asks = !isPaper && (!length || form.querySelector("[required]:checked"));
  each(form.querySelectorAll("[required]"), function (radio) {
    if (asks && !seen[radio.name] && !form.querySelector('[name="' + radio.name + '"]:checked')) {
      found.push([document.getElementById(radio.name), said.missing, radio.name]);
    }
    seen[radio.name] = true;
  });
  if (length > said.limit) {
    found.push([textField.parentNode, said.long.replace("{length}", length), "@TEXT@"]);
  }
  // In the order of the screens.
  return found.sort(function (a, b) { return (a[0].dataset.b || 0) - (b[0].dataset.b || 0); });
}

function clear(box) {
  box.classList.remove("bad");
  box.removeAttribute("aria-describedby");
  each(box.querySelectorAll(".err:not(#dem)"), function (line) { line.parentNode.removeChild(line); });
}

function mark(problem) {
  var box = problem[0], line = document.createElement("p");
  clear(box);
  line.className = "err";
  line.id = problem[2] + "-loi";
  line.textContent = problem[1];
  box.insertBefore(line, box.children[1]);
  box.classList.add("bad");
  box.setAttribute("aria-describedby", line.id);
}

function show(found) {
  var list = summary.querySelector("ul");
  each(form.querySelectorAll(".bad"), clear);
  list.textContent = "";
  found.forEach(function (problem) {
    var item = document.createElement("li"), link = document.createElement("a");
    link.href = "#" + problem[2];
    link.textContent = said.line.replace("{field}", problem[0].dataset.name).replace("{problem}", problem[1]);
    item.appendChild(link);
    list.appendChild(item);
    mark(problem);
  });
  summary.hidden = false;
  summary.focus();
  summary.scrollIntoView();
}

// --- What names a person is asked about once, in place; the server knows more, and asks too.
function named() {
  var found = homthu.personal(textField.value);
  return hint.dataset.kinds.split(",").filter(function (kind, n) { return found[n]; });
}

function ask() {
  var kinds = hinted ? [] : named();
  if (!kinds.length) return false;
  hint.textContent = hint.dataset.found.replace("{found}", kinds.join(", "));
  hint.hidden = false;
  hint.focus();
  return hinted = true;
}

// --- Sending: once. A stamp not ready yet is waited for, but never longer than two seconds.
function lock(milliseconds) {
  sending = button.disabled = true;
  button.textContent = said.sending;
  // The server answers within eight seconds; after that a stuck phone may try again.
  setTimeout(unlock, milliseconds);
}

function unlock() {
  sending = button.disabled = false;
  button.textContent = buttonText;
}

// Through the outbox where there is one: kept first, then sent, so that no dead line of the network
// and no closed tab loses it. Where storage or fetch is missing the browser sends the form itself.
function send() {
  var item = { k: homthu.writing || keyField.value, t: Date.now(), b: new URLSearchParams(new FormData(form)).toString() };
  if (hinted) item.b += "&@SEEN@=1";
  if (!item.k || !window.AbortController) throw item;
  homthu.add(item);
  homthu.mine = item.k;
  homthu.post(item).then(function (receipt) {
    if (!receipt) return homthu.open(item);
    homthu.settle(item, receipt);
    if (!isPaper) {
      attempt(forget);
      return location.assign(receipt);
    }
    unlock();
    renew();
    form.dispatchEvent(new Event("acknowledged"));
  }, park);
}

// It could not go: say so, and make room for the next form.
function park() {
  unlock();
  attempt(renew);
  form.dispatchEvent(new Event("parked"));
  if (!said.mode) form.hidden = true;
  another.hidden = !form.hidden;
  homthu.flush();
  outbox.focus();
  outbox.scrollIntoView();
}

function go() {
  whenStamped = null;
  try { send(); } catch (ignored) {
    attempt(function () { sessionStorage.setItem("homthu-gui", keyField.value); });
    form.submit();
  }
}

var outbox = document.getElementById("cho"), another = document.getElementById("khac");

function startAnother() {
  homthu.mine = "";
  form.hidden = false;
  another.hidden = true;
}

another.addEventListener("click", startAnother);
outbox.addEventListener("wiped", startAnother);

form.addEventListener("submit", function (event) {
  if (sending) return event.preventDefault();
  var found = attempt(check) || [];
  if (found.length || attempt(ask)) {
    event.preventDefault();
    return found.length && attempt(function () { show(found); });
  }
  attempt(save);
  attempt(stamp);
  event.preventDefault();
  attempt(function () { lock(25000); });
  if (!working) return go();
  whenStamped = go;
  setTimeout(function () { if (whenStamped) go(); }, 2000);
});

form.addEventListener("input", function (event) {
  begin();
  attempt(count);
  attempt(function () {
    var box = event.target.closest(".bad");
    if (box) clear(box);
    if (!named().length) hint.hidden = true;
  });
});

draftNote.querySelector("button").addEventListener("click", renew);
window.addEventListener("pageshow", arrive);
homthu.renew = renew;
homthu.problems = check;
homthu.mark = mark;
homthu.check = function (last) {
  var found = check().filter(function (problem) { return problem[2] !== last; });
  if (found.length) show(found);
  return !found.length && !ask();
};
})();
