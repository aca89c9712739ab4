"""Mail addresses and host names as every later step can use them: a header, an envelope, a QR code.

Narrower than RFC 5322 and RFC 3986 allow: ASCII only, no quoted local part, no address literal. What
passes here is what mail servers take without SMTPUTF8 (RFC 6531) and what browsers resolve.
"""

import re
from ipaddress import IPv4Address

MOST_ADDRESS = 254
#: A host stands in every Message-ID, after the name of a delivery; the whole may have 254 characters.
MOST_HOST = 150
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_WORD = r"[A-Za-z0-9!#$%&'*+/=^_`{|}~-]+"
_ADDRESS = rf"(?=[^@]{{1,64}}@){_WORD}(?:\.{_WORD})*@(?:{_LABEL}\.)+(?=[A-Za-z]){_LABEL}"
#: The last label is no number, or it would be read as an IPv4 address (https://url.spec.whatwg.org/#hosts).
_HOST = rf"(?:{_LABEL}\.)*(?=[A-Za-z]){_LABEL}"


def is_mail_address(text: str) -> bool:
    """Whether this can stand in a header and in an envelope of a mail."""
    return len(text) <= MOST_ADDRESS and re.fullmatch(_ADDRESS, text) is not None


def is_host(text: str) -> bool:
    """Whether this names a machine for browsers, posters and mails alike: a domain or an IPv4 address."""
    return len(text) <= MOST_HOST and (re.fullmatch(_HOST, text) is not None or _is_ipv4(text))


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


def ascii_host(text: str) -> str:
    """A domain as it is registered, such as `xn--gp--gna6c.vn` for `góp-ý.vn`; empty if it is none."""
    try:
        written = text.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return written if is_host(written) else ""
