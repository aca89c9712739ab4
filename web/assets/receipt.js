// The receipt's script: at most 1,950 bytes of source, inlined. What was sent leaves the phone.
(function () {
var said = document.body.dataset;
try {
  // Only the draft of the form that was sent: the receipt may be looked at while another is written.
  var slot = "homthu:" + said.place, opened = sessionStorage.getItem("homthu-mo");
  var draft = JSON.parse(sessionStorage.getItem(slot)), key = draft && draft.key;
  if (key && (key === opened || key === sessionStorage.getItem("homthu-gui"))) sessionStorage.removeItem(slot);
  localStorage.removeItem("homthu-cho:" + opened);
  sessionStorage.removeItem("homthu-mo");
  sessionStorage.removeItem("homthu-gui");
  Object.keys(localStorage).forEach(function (name) {
    var item = name.indexOf("homthu-cho:") ? {} : JSON.parse(localStorage.getItem(name));
    if (item.r === location.href) localStorage.removeItem(name);
  });
} catch (ignored) { /* no storage: nothing was kept */ }
// Copied as a selection, which every browser can; where it may not, it stays selected for a finger.
var copy = document.getElementById("chep");
if (copy) {
  copy.hidden = false;
  copy.addEventListener("click", function () {
    getSelection().selectAllChildren(document.getElementById("ma"));
    if (document.execCommand("copy")) copy.textContent = copy.dataset.done;
  });
}
// On a device that others use, the receipt makes way for the next person's form; a touch keeps it.
if (!said.next) return;
var left, note = document.getElementById("het");
function stay() {
  left = 30;
  note.textContent = "";
}
["pointerdown", "keydown", "scroll"].forEach(function (touch) { window.addEventListener(touch, stay); });
stay();
setInterval(function () {
  left--;
  if (left === 20) note.textContent = said.idle;
  if (left === 0) location.replace(said.next);
}, 1000);
})();
