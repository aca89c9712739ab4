// What names a person: at most 1,000 bytes of source, inlined before page.js. The server knows more.
(function () {
"use strict";
var GAP = "[\\s.-]{0,2}", NUMBER = "(^|\\D)(?:";
var DOSSIER = new RegExp("[a-z]\\d\\d[.\\d]*\\s?-\\s?\\d{6}\\s?-\\s?\\d{3,6}(?!\\d)", "gi");
var PERSONAL = [
  new RegExp("[\\w.+%-]\\s?@\\s?[\\w-]{1,63}\\.[\\w-]"),
  new RegExp(NUMBER + "(?:\\+?84" + GAP + "|0)(?:[35789](?:" + GAP + "\\d){8}|2(?:" + GAP + "\\d){8,9}))(?!\\d)"),
  new RegExp(NUMBER + "\\d(?:(?:" + GAP + "\\d){11}|(?:" + GAP + "\\d){8}))(?!\\d|\\s?(?:đ|vn))", "i")
];

// Whether there is an address of e-mail, a telephone number, an identity number. A dossier's code is
// nobody's number.
homthu.personal = function (text) {
  text = text.replace(DOSSIER, "");
  return PERSONAL.map(function (shape) { return shape.test(text); });
};
})();
