// The form's script: at most 10,000 bytes of source, inlined.
// Syntax of 2009, features of Chrome 80 and iOS 14.
// The form works without any of it. Each part stands alone, so that one failure leaves the rest.
(function () {
"use strict";
var form = document.querySelector("form");
var fields = form.elements;
var said = form.dataset;
var slot = "homthu:" + fields.place.value;
var summary = document.getElementById("loi");
var draftNote = document.getElementById("nhap");
var button = form.querySelector(".send");
var buttonText = button.textContent;
var sending = false;
var working = "";
var begun = false;
var whenStamped = null;

function attempt(part) {
  try { return part(); } catch (ignored) { return null; }
}

function each(list, visit) {
  Array.prototype.forEach.call(list, visit);
}

// --- The stamp: a little work bound to the key, which a flood of submissions would have to repeat.
// SHA-256 by hand, because crypto.subtle is missing on plain http. One block is enough, and only
// the first word of the digest is looked at.
var K = [], H = [];
(function () {
  for (var n = 2, p; K.length < 64; n++) {
    for (p = 2; p * p <= n && n % p; p++);
    if (p * p > n) {
      if (H.length < 8) H.push(Math.pow(n, 1 / 2) * 4294967296 | 0);
      K.push(Math.pow(n, 1 / 3) * 4294967296 | 0);
    }
  }
})();
var w = new Int32Array(64);

function turn(x, by) {
  return x >>> by | x << 32 - by;
}

function firstWord(text) {
  var i, x, y, t, a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7];
  w.fill(0);
  for (i = 0; i < text.length; i++) w[i >> 2] |= text.charCodeAt(i) << 24 - i % 4 * 8;
  w[i >> 2] |= 128 << 24 - i % 4 * 8;
  w[15] = i * 8;
  for (i = 0; i < 64; i++) {
    if (i > 15) {
      x = w[i - 15];
      y = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ x >>> 3) + (turn(y, 17) ^ turn(y, 19) ^ y >>> 10);
    }
    t = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + K[i] + w[i] | 0;
    h = g;
    g = f;
    f = e;
    e = d + t | 0;
    d = c;
    t = t + (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
    c = b;
    b = a;
    a = t;
  }
  return a + H[0] | 0;
}

// Slices of 10 ms leave the page free to scroll and type. A key longer than one block gets no stamp.
function stamp() {
  var key = fields.key.value, n = 0;
  if (working === key || fields.tem.value || !key || key.length > 46) return;
  working = key;
  (function slice() {
    attempt(function () {
      var end = Date.now() + 10;
      while (working === key && Date.now() < end) {
        if (firstWord(key + ":" + n) >>> 18) n++;
        else {
          working = "";
          fields.tem.value = n;
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

// --- The draft: in this tab only, until the receipt clears it.
function isTyped(field) {
  return field.name && field.type !== "hidden" && field.name !== "website";
}

function save() {
  var draft = { key: fields.key.value, values: {} };
  each(fields, function (field) {
    if (isTyped(field) && (field.type !== "radio" || field.checked)) draft.values[field.name] = field.value;
  });
  sessionStorage.setItem(slot, JSON.stringify(draft));
}

function restore(draft) {
  each(fields, function (field) {
    var value = draft.values[field.name];
    if (!isTyped(field) || value === undefined) return;
    if (field.type === "radio") field.checked = field.value === value;
    else field.value = value;
  });
  fields.key.value = draft.key;
}

// Not form.reset(): that would bring back what a page that was sent back came with.
function wipe() {
  each(fields, function (field) {
    if (field.type === "radio") field.checked = false;
    else if (isTyped(field)) field.value = "";
  });
  fields.key.value = fields.tem.value = working = "";
}

// Whoever comes back after the receipt finds an empty form, whatever the browser remembers: the
// phone may be in other hands by then.
function cameBack(event) {
  return event.persisted || performance.navigation && performance.navigation.type === 2;
}

function arrive(event) {
  sending = button.disabled = false;
  button.textContent = buttonText;
  attempt(function () {
    sessionStorage.setItem("homthu", "");
    sessionStorage.removeItem("homthu");
    var draft = JSON.parse(sessionStorage.getItem(slot));
    if ("typed" in said && !event.persisted) return;
    if (draft) {
      restore(draft);
      draftNote.hidden = event.persisted;
    } else if (cameBack(event)) wipe();
  });
  attempt(function () { if (!fields.key.value) fields.key.value = makeKey(); });
  attempt(count);
  if ("typed" in said || !draftNote.hidden) begin();
}

// --- The first touch wakes the sender up and starts the work; every touch saves the draft.
function begin() {
  attempt(save);
  if (!begun) attempt(function () {
    fetch(form.action, { method: "HEAD", credentials: "omit", cache: "no-store" }).catch(function () {});
  });
  begun = true;
  attempt(stamp);
}

// --- The counter: in characters as a reader counts them, spoken only near the end and in pauses.
var voice = document.getElementById("noi"), pause;

function lengthOfText() {
  return Array.from(fields.gop_y.value.normalize("NFC").trim()).length;
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

// --- Checking: the server's rules in the page's own words; the server stays the judge.
function check() {
  var found = [], seen = {};
  each(form.querySelectorAll("[required]"), function (radio) {
    if (!seen[radio.name] && !form.querySelector('[name="' + radio.name + '"]:checked')) {
      found.push([document.getElementById(radio.name), said.missing, radio.name]);
    }
    seen[radio.name] = true;
  });
  var length = lengthOfText();
  if (length > said.limit) {
    found.push([fields.gop_y.parentNode, said.long.replace("{length}", length), "gop_y"]);
  }
  return found;
}

function clear(box) {
  box.classList.remove("bad");
  box.removeAttribute("aria-describedby");
  each(box.querySelectorAll(".err:not(#dem)"), function (line) { line.parentNode.removeChild(line); });
}

function show(found) {
  var list = summary.querySelector("ul");
  each(form.querySelectorAll(".bad"), clear);
  list.textContent = "";
  found.forEach(function (problem) {
    var box = problem[0], item = document.createElement("li");
    var link = document.createElement("a"), line = document.createElement("p");
    link.href = "#" + problem[2];
    link.textContent = said.line.replace("{field}", box.dataset.name).replace("{problem}", problem[1]);
    item.appendChild(link);
    list.appendChild(item);
    line.className = "err";
    line.id = problem[2] + "-loi";
    line.textContent = problem[1];
    box.insertBefore(line, box.children[1]);
    box.classList.add("bad");
    box.setAttribute("aria-describedby", line.id);
  });
  summary.hidden = false;
  summary.focus();
  summary.scrollIntoView();
}

// --- Sending: once. A stamp not ready yet is waited for, but never longer than two seconds.
function lock() {
  sending = button.disabled = true;
  button.textContent = said.sending;
  // The server answers within eight seconds; after that a stuck phone may try again.
  setTimeout(function () {
    sending = button.disabled = false;
    button.textContent = buttonText;
  }, 12000);
}

form.addEventListener("submit", function (event) {
  if (sending) return event.preventDefault();
  var found = attempt(check) || [];
  if (found.length) {
    event.preventDefault();
    return attempt(function () { show(found); });
  }
  attempt(save);
  attempt(stamp);
  if (working) {
    event.preventDefault();
    whenStamped = function () {
      whenStamped = null;
      form.submit();
    };
    setTimeout(function () { if (whenStamped) whenStamped(); }, 2000);
  }
  attempt(lock);
});

form.addEventListener("input", function (event) {
  begin();
  attempt(count);
  attempt(function () {
    var box = event.target.closest(".bad");
    if (box) clear(box);
  });
});

draftNote.querySelector("button").addEventListener("click", function () {
  wipe();
  draftNote.hidden = true;
  attempt(function () { sessionStorage.removeItem(slot); });
  attempt(function () { fields.key.value = makeKey(); });
  attempt(count);
});

window.addEventListener("pageshow", arrive);
})();
