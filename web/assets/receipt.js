// The receipt's script: what was sent leaves the phone.
try {
  sessionStorage.removeItem("homthu:" + document.body.dataset.place);
} catch (ignored) {}
