"""Defangs addresses in what citizens wrote, so that no reader's program turns them into links.

Mail programs and spreadsheets turn `https://…`, `www.…` and even a bare `name.tld` into links.
"""

import re

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)?://")
#: A dot (or an ideographic one, which browsers take for a dot) between two letters or digits.
_DOT = re.compile(r"(?<=\w)[.\u3002\uff0e\uff61](?=[^\W_])")
_CLICKABLE = re.compile(r"\b(mailto|tel|sms|javascript|data):", re.IGNORECASE)


def defang(text: str) -> str:
    """The text with `hxxps[://]` for `https://` and `[.]` for the dots of addresses.

    A full stop without the space after it («tốt.Cảm ơn») gets the space instead: as deadly to a
    link, and kinder to the reader. Numbers (`1.234`) and dates (`25.11.2026`) stay as they are.
    """
    text = _CLICKABLE.sub(r"\1[:]", text)
    text = _SCHEME.sub(_break_scheme, text)
    return _DOT.sub(_break_dot, text)


def _break_scheme(match: re.Match[str]) -> str:
    scheme = match[1] or ""
    return re.sub("tt", "xx", scheme, flags=re.IGNORECASE) + "[://]"


def _break_dot(match: re.Match[str]) -> str:
    text, at = match.string, match.start()
    before, after = text[at - 1], text[at + 1]
    if before.isdigit() and after.isdigit():
        return match[0]
    return ". " if after.isupper() and not before.isupper() else "[.]"
