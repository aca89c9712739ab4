"""Takes somebody's words out of a mail that was made long ago: text, page, letter and workbook.

The words are found as the mail may hold them: whole or cut, masked, with addresses defanged, broken
into lines or elements, escaped. Everything else of the mail stays as it is, byte for byte once decoded.
"""

import re
from base64 import encodebytes
from collections.abc import Callable, Iterable, Iterator
from email import message_from_bytes
from email.generator import BytesGenerator
from email.message import Message
from email.policy import compat32
from hashlib import sha256
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from homthu.domain.submissions.personal_data import mask_personal_data
from homthu.domain.text import clean
from homthu.render.defang import defang
from homthu.render.mail.message import SALT_HEADER

#: Words that a single person may have chosen: fewer are looked for only as the whole of an element or line.
_TELLING = 3
#: So many of somebody's first words are theirs even where nothing says that the text was cut.
_UNMISTAKABLE = 8
_ESCAPED = {
    "&": "(?:&amp;|&#38;|&)",
    "<": "(?:&lt;|&#60;|<)",
    ">": "(?:&gt;|&#62;|>)",
    '"': '(?:&quot;|&#34;|&#x22;|")',
    "'": "(?:&apos;|&#39;|&#x27;|')",
}
#: What may stand between two words: space, and the mark before a quoted line, in old mails a bar; where
#: there are tags, these and escaped line breaks as well.
_GAP_IN_TEXT = re.compile(r"[\s|>]+")
_GAP = re.compile(r"(?:\s|<[^<>]*>|&#(?:9|10|13|160|x9|xA|xD|xA0);|&nbsp;|_x000[AD]_|\|)+")
_CUT = re.compile(r"(?:\s|\||>|<[^<>]*>)*(?:\[?…\]?|\.\.\.)")
_BEGINS, _ENDS = re.compile(r"[>“\"«|\n]\s*\Z"), re.compile(r"\s*(?:[<”\"»\n]|\Z)")
_LOOKED_BACK = 80

Change = Callable[[bytes, re.Pattern[str]], bytes]


def redact(message: bytes, texts: Iterable[str], notice: str) -> bytes:
    """The mail with `notice` wherever it held the words of one of these; the same bytes if it held none.

    `message` is a whole mail of ours, addressed or not.
    """
    readings = [reading for text in texts for reading in _readings(text)]
    if not readings:
        return message

    def change(part: bytes, gap: re.Pattern[str]) -> bytes:
        return _without(part.decode("utf-8", "replace"), readings, gap, notice).encode()

    parsed = message_from_bytes(message)
    changed = [_redact_part(part, change) for part in parsed.walk() if not part.is_multipart()]
    if not any(changed):
        return message
    _renew_boundaries(parsed)
    del parsed[SALT_HEADER]
    buffer = BytesIO()
    policy = compat32.clone(linesep="\r\n", max_line_length=None)
    BytesGenerator(buffer, mangle_from_=False, policy=policy).flatten(parsed)
    return buffer.getvalue()


def _readings(text: str) -> list[list[re.Pattern[str]]]:
    """The words in each of the forms that a mail may hold them in, each a pattern."""
    cleaned = clean(text)
    masked = mask_personal_data(cleaned)
    forms = dict.fromkeys((defang(masked), masked, defang(cleaned), cleaned))
    return [[_pattern(word) for word in form.split()] for form in forms if form.split()]


def _pattern(word: str) -> re.Pattern[str]:
    return re.compile("".join(_ESCAPED.get(sign, re.escape(sign)) for sign in word))


def _redact_part(part: Message, change: Change) -> bool:
    """Change one part; whether it changed."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    if part.get_content_maintype() == "text":
        changed = change(content, _GAP_IN_TEXT if part.get_content_subtype() == "plain" else _GAP)
    else:
        changed = _in_archive(content, change)
    if changed == content:
        return False
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(encodebytes(changed).decode("ascii"))
    return True


def _in_archive(content: bytes, change: Change) -> bytes:
    """A letter or a workbook with its members changed; the same bytes if none was, or it is neither."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            before = [(info, archive.read(info)) for info in archive.infolist()]
    except BadZipFile:
        return content
    after = [
        (info, change(member, _GAP) if info.filename.endswith(".xml") else member) for info, member in before
    ]
    if [member for _, member in after] == [member for _, member in before]:
        return content
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for info, member in after:
            new = ZipInfo(info.filename, info.date_time)
            new.compress_type, new.external_attr = info.compress_type, info.external_attr
            archive.writestr(new, member)
    return buffer.getvalue()


def _renew_boundaries(message: Message) -> None:
    """The boundaries were made from the words: whoever guesses these could see by them that it is right."""
    leaves = [str(part.get_payload()) for part in message.walk() if not part.is_multipart()]
    token = sha256("\0".join(leaves).encode("utf-8", "replace")).hexdigest()[:32]
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_erased_{number}_{token}")


def _without(source: str, readings: list[list[re.Pattern[str]]], gap: re.Pattern[str], notice: str) -> str:
    ends: dict[int, int] = {}
    for words in readings:
        for start, end in _places(source, words, gap):
            # One reading may go on where another met something else.
            ends[start] = max(end, ends.get(start, 0))
    pieces, done = [], 0
    for start, end in sorted(ends.items()):
        if start >= done:
            pieces += [source[done:start], notice, *_tags(source[start:end], gap)]
            done = end
    return "".join([*pieces, source[done:]])


def _tags(source: str, gap: re.Pattern[str]) -> list[str]:
    """The tags between words, which must stay for elements to stay whole."""
    return [] if gap is _GAP_IN_TEXT else re.findall(r"<[^<>]*>", source)


def _places(source: str, words: list[re.Pattern[str]], gap: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for first in words[0].finditer(source):
        end, found = first.end(), 1
        for word in words[1:]:
            space = gap.match(source, end)
            after = word.match(source, space.end()) if space else None
            if after is None:
                break
            end, found = after.end(), found + 1
        if _is_theirs(source, first.start(), end, found, len(words)):
            yield first.start(), end


def _is_theirs(source: str, start: int, end: int, found: int, of: int) -> bool:
    """Whether so many words at the beginning of somebody's are surely theirs."""
    if found < of:
        return found >= _UNMISTAKABLE or (found >= _TELLING and bool(_CUT.match(source, end)))
    if of >= _TELLING:
        return True
    is_begun = start == 0 or _BEGINS.search(source, max(0, start - _LOOKED_BACK), start)
    return bool(is_begun and _ENDS.match(source, end))
