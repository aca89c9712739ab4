// What waits to be sent: at most 6,500 bytes of source, inlined before the page's own script.
// A form is kept here before it is sent and until its receipt was reached. Each lies under its own key
// in localStorage, so that two tabs never overwrite each other; the server knows the key, so that
// sending one twice is never counted twice. After seven days it is gone.
var homthu = {};
(function () {
"use strict";
var PREFIX = "homthu-cho:", WEEK = 6048e5, DAY = 864e5;
var panel = document.getElementById("cho");
var said = panel.dataset;
var parts = panel.children;
var wait = 5000, timer = 0, busy = false, armed = false;

function read(name) {
  var item = null;
  try { item = JSON.parse(localStorage.getItem(name)); } catch (ignored) { /* not ours */ }
  // A clock may be wrong in either direction.
  if (item && Math.abs(Date.now() - item.t) < (item.r ? DAY : WEEK)) return item;
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
function settle(item, receipt) {
  if (!receipt) put({ k: item.k, t: item.t, b: item.b, h: 1 });
  else if (said.shared) drop(item);
  else put({ k: item.k, t: Date.now(), r: receipt });
  if (receipt) panel.dispatchEvent(new Event("settled"));
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
  form.submit();
}

function line(index, text) {
  parts[index].hidden = !text;
  if (parts[index].textContent !== text) parts[index].textContent = text;
}

// Waiting, to be looked at, and sent, each with its number; nothing when there is none.
function show() {
  var waiting = 0, held = 0, links = parts[2], sent = [];
  all().forEach(function (item) {
    if (item.r) sent.push(item.r);
    else if (item.h) held++;
    else if (item.k !== homthu.writing) waiting++;
  });
  line(0, waiting ? said.waiting.replace("{n}", waiting) : "");
  line(1, held ? said.held.replace("{n}", held) : "");
  links.hidden = !sent.length;
  links.textContent = sent.length ? said.sent.replace("{n}", sent.length) : "";
  sent.forEach(function (address) {
    var link = document.createElement("a");
    link.href = address;
    link.textContent = said.receipt;
    links.appendChild(document.createTextNode(" "));
    links.appendChild(link);
  });
  parts[3].hidden = !waiting;
  parts[4].hidden = !held;
  parts[5].hidden = !waiting && !held;
  panel.hidden = !waiting && !held && !sent.length;
}

// One after the other, oldest first; what cannot go now is tried again, ever less often.
function flush() {
  try { next(); } catch (ignored) { /* no storage: nothing was kept */ }
}

function next() {
  clearTimeout(timer);
  var due = all().filter(function (item) { return item.b && !item.h && item.k !== homthu.writing; });
  show();
  if (busy || !due.length) return;
  busy = true;
  post(due[0]).then(function (receipt) {
    busy = false;
    wait = 5000;
    // It may have been wiped meanwhile.
    if (read(PREFIX + due[0].k)) settle(due[0], receipt);
    if (receipt && homthu.mine === due[0].k) location.replace(receipt);
    else flush();
  }, function () {
    busy = false;
    show();
    timer = setTimeout(flush, wait);
    wait = Math.min(wait * 2, 300000);
  });
}

function now() {
  wait = 5000;
  flush();
}

homthu.put = put;
homthu.drop = drop;
homthu.post = post;
homthu.settle = settle;
homthu.open = open;
homthu.show = show;
homthu.flush = flush;
homthu.prefix = PREFIX;

parts[3].addEventListener("click", now);
parts[4].addEventListener("click", function () {
  open(all().filter(function (item) { return item.h; })[0]);
});
// No confirm(): chat browsers swallow it. A second press within five seconds is the confirmation.
parts[5].addEventListener("click", function () {
  if (!armed) {
    armed = true;
    parts[5].textContent = said.sure;
    setTimeout(function () {
      armed = false;
      parts[5].textContent = said.wipe;
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
window.addEventListener("pageshow", now);
})();
