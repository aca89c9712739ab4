"""One mail as the bytes that go over the wire, the same for every recipient and every attempt.

A report is frozen with its mail, so `build_content` makes everything but the two lines that differ
between recipients, and `address` puts those in front. Equal input gives equal bytes: no clock and
no randomness, and the boundaries come from the content.

The headers are written through `email.header.Header` and not through `EmailMessage`, which loses or
adds spaces in folded Vietnamese (cpython gh-92081, gh-120930, gh-124452) and lets an encoded word
smuggle a header in (CVE-2024-6923) on the Pythons that a cloud image may bring. Bodies are base64
throughout: no line begins with a dot or with a boundary.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.generator import BytesGenerator
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime
from hashlib import sha256
from io import BytesIO

from homthu.domain.errors import HomThuError
from homthu.domain.mail_address import is_host, is_mail_address
from homthu.domain.week import ICT
from homthu.render.mail.flowed import flowed

#: The whole mail as it is sent: a ward's mailbox is far stricter than the 40 MB of Amazon SES.
MAX_MAIL_BYTES = 7_000_000
#: Room for what `address` still adds to a frozen content.
_ROOM_FOR_ADDRESS = 4_000
#: Names the delivery, the same on every attempt.
DELIVERY_HEADER = "X-Hom-Thu-Delivery"
#: Random, in the store alone: without it the digests that reports print would let whoever reads them try
#: what else was counted, and the digest of a mail as it was, what words were erased from it.
SALT_HEADER = "X-Hom-Thu-Salt"
_MAX_LINE = 76
_MAX_NAME = 200
_MAX_MESSAGE_ID = 254

#: Control, format (bidi among them), surrogate, line and paragraph separators: `Header` would break
#: a line at U+0085, U+2028 and others, and nobody can see the rest.
_UNSEEN_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_ZERO_WIDTH_JOINER = "\u200d"
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=^_`{|}~.-]+@([^@<>]+)>")
#: The first header of a content, as `_mailbox` writes it: around the address alone.
_SALT = re.compile(rb"^" + SALT_HEADER.encode() + rb": [^\r\n]*\r\n", re.MULTILINE)
_FROM = re.compile(rb"\A(From: (?:[^\r\n]*\r\n )*<?)[^<>\s]+@[^<>\s]+(>?\r\n)")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_THREAD = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_CONTENT_TYPE = re.compile(r"application/[A-Za-z0-9][A-Za-z0-9.+-]*")


class MessageError(HomThuError):
    """No mail can be made from this."""


class UnsafeHeader(MessageError):
    """A value is not allowed in a header; `header` names it, the value stays out of any log."""

    def __init__(self, header: str) -> None:
        super().__init__(header)
        self.header = header


class MailTooLarge(MessageError):
    """The mail is larger than a ward's mailbox certainly takes: split it or link to the data."""

    def __init__(self, size_bytes: int, limit_bytes: int) -> None:
        super().__init__(size_bytes, limit_bytes)
        self.size_bytes = size_bytes
        self.limit_bytes = limit_bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file in a mail.

    Its name is ASCII: Outlook shows «untitled attachment» for the RFC 2231 form that Vietnamese
    needs (MimeKit#186). Vietnamese goes into the subject and inside the file.
    """

    name: str
    content_type: str
    content: bytes

    def __post_init__(self) -> None:
        if not _FILE_NAME.fullmatch(self.name):
            raise UnsafeHeader("Content-Disposition")
        if not _CONTENT_TYPE.fullmatch(self.content_type):
            raise UnsafeHeader("Content-Type")


@dataclass(frozen=True, slots=True)
class Thread:
    """What a mail comes after: `name` is the series that a rule of a mailbox may sort by, `part` what a
    mail program shows together, as the weeks of a year. ASCII without spaces; no first mail is needed."""

    name: str
    part: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """What a mail says, before it is encoded as MIME. `text` and `html` say the same."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    thread: Thread | None = None


def build_content(
    mail: Mail, *, sender_name: str, sender: str, date: datetime, reply_to: str = "", salt: str = ""
) -> bytes:
    """The complete message but for `To` and `Message-ID`. Raise `UnsafeHeader` or `MailTooLarge`.

    `salt` is for what is kept under its digest, and may be asked to forget words.
    """
    if date.tzinfo is None:
        raise ValueError("the date of a mail needs its time zone")
    headers = [
        ("From", _mailbox("From", sender_name, sender)),
        *([("Reply-To", _mailbox("Reply-To", "", reply_to))] if reply_to else []),
        ("Subject", _encoded("Subject", mail.subject)),
        ("Date", format_datetime(date.astimezone(ICT))),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("Content-Language", "vi"),
        *_threading(mail.thread, sender),
        *([(SALT_HEADER, salt)] if salt else []),
    ]
    content = _lines(*headers) + _flatten(_body(mail))
    limit_bytes = MAX_MAIL_BYTES - _ROOM_FOR_ADDRESS
    if len(content) > limit_bytes:
        raise MailTooLarge(len(content), limit_bytes)
    return content


def address(
    content: bytes, *, recipient_name: str, recipient: str, message_id: str, sender: str = ""
) -> bytes:
    """The frozen content addressed to one recipient; `message_id` comes in its angle brackets.

    The salt is kept back; otherwise a reader of a printed digest could try what else was counted.

    A `sender` takes the place of the address that the content was frozen with: it may have been one
    that the mail server allows nobody to use.

    The id stands in a header of our own too, since Amazon SES replaces `Message-ID` and `Date`: two
    copies of one delivery can be told by it wherever they went through. Raise `UnsafeHeader`.
    """
    named = _MESSAGE_ID.fullmatch(message_id)
    if len(message_id) > _MAX_MESSAGE_ID or named is None or not is_host(named[1]):
        raise UnsafeHeader("Message-ID")
    headers = [
        ("Message-ID", message_id),
        (DELIVERY_HEADER, message_id.strip("<>")),
        ("To", _mailbox("To", recipient_name, recipient)),
    ]
    if sender:
        content = _FROM.sub(rf"\g<1>{_mailbox('From', '', sender)}\g<2>".encode(), content, count=1)
    head, end, body = content.partition(b"\r\n\r\n")
    return _lines(*headers) + _SALT.sub(b"", head + b"\r\n") + end[2:] + body


def _threading(thread: Thread | None, sender: str) -> list[tuple[str, str]]:
    """RFC 2919's name of the list, and what each of its mails refers to (RFC 5322, 3.6.4)."""
    if thread is None:
        return []
    if not _THREAD.fullmatch(thread.name) or not _THREAD.fullmatch(thread.part):
        raise UnsafeHeader("List-Id")
    host = sender.rpartition("@")[2]
    return [
        ("List-Id", f"<{thread.name}.{host}>"),
        ("References", f"<{thread.part}.{thread.name}@{host}>"),
    ]


def _mailbox(header: str, name: str, address: str) -> str:
    if not is_mail_address(address):
        raise UnsafeHeader(header)
    if len(name) > _MAX_NAME:
        raise UnsafeHeader(header)
    return f"{_encoded(header, name)}\r\n <{address}>" if name else address


def _encoded(header: str, text: str) -> str:
    """Always encoded words, for ASCII too: what looks like one already would be decoded as one."""
    if any(unicodedata.category(c) in _UNSEEN_CATEGORIES and c != _ZERO_WIDTH_JOINER for c in text):
        raise UnsafeHeader(header)
    return Header(text, "utf-8", maxlinelen=_MAX_LINE, header_name=header).encode(linesep="\r\n")


def _lines(*headers: tuple[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("ascii")


def _body(mail: Mail) -> MIMEMultipart:
    token = _digest(mail)[:32]
    alternative = MIMEMultipart("alternative", boundary=f"=_alternative_{token}")
    plain = _text_part(flowed(_lines_of(mail.text)), "plain")
    plain.set_param("format", "flowed", replace=True)
    alternative.attach(plain)
    alternative.attach(_text_part(mail.html, "html"))
    mixed = MIMEMultipart("mixed", boundary=f"=_mixed_{token}")
    mixed.attach(alternative)
    for attachment in mail.attachments:
        subtype = attachment.content_type.partition("/")[2]
        part = MIMEApplication(attachment.content, subtype, name=attachment.name)
        part.add_header("Content-Disposition", "attachment", filename=attachment.name)
        mixed.attach(part)
    return mixed


def _text_part(text: str, subtype: str) -> MIMEText:
    # RFC 2045, 6.8: lines end in CRLF before base64. A lone surrogate must not cost a whole report.
    canonical = _lines_of(text).replace("\n", "\r\n")
    return MIMEText(canonical.encode("utf-8", "replace").decode("utf-8"), subtype, "utf-8")


def _lines_of(text: str) -> str:
    return re.sub(r"\r\n|\r", "\n", text)


def _digest(mail: Mail) -> str:
    pieces = [mail.subject, mail.text, mail.html]
    digest = sha256("\0".join(pieces).encode("utf-8", "replace"))
    for attachment in mail.attachments:
        digest.update(f"\0{attachment.name}\0{len(attachment.content)}\0".encode())
        digest.update(attachment.content)
    return digest.hexdigest()


def _flatten(body: MIMEMultipart) -> bytes:
    buffer = BytesIO()
    BytesGenerator(buffer, mangle_from_=False, policy=compat32.clone(linesep="\r\n")).flatten(body)
    return buffer.getvalue()
