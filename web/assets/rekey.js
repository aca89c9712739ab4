/* Copies a field at a press of its button, or at Enter in it: at most 2,000 bytes of source. The keyboard selects without it. */
(function () {
  var said = document.getElementById("chep");
  var fields = document.querySelectorAll("[data-copy]");
  var last = null;
  var at;

  function tell(field) {
    var button = field.parentNode.querySelector("button");
    if (last) { last.className = "copy"; last.textContent = last.getAttribute("data-copy-label"); }
    button.className = "copy copied";
    button.textContent = button.getAttribute("data-copied");
    last = button;
    said.textContent = button.getAttribute("data-copied") + ": " + field.value;
  }

  function copy(field) {
    field.focus();
    field.select();
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(field.value).then(function () { tell(field); }, function () { old(field); });
    } else {
      old(field);
    }
  }

  function old(field) {
    if (document.execCommand("copy")) { tell(field); }
  }

  function ready(field) {
    var button = field.parentNode.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", function () { copy(field); });
    field.addEventListener("focus", function () { field.select(); });
    field.addEventListener("keydown", function (event) {
      if (event.key === "Enter") { event.preventDefault(); copy(field); }
    });
  }

  for (at = 0; at < fields.length; at++) { ready(fields[at]); }
})();
