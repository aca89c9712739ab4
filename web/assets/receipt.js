// The receipt's script: at most 500 bytes of source, inlined. What was sent leaves the phone.
try {
  sessionStorage.removeItem("homthu:" + document.body.dataset.place);
} catch (ignored) {}
