"""Telephone numbers as a box file holds them, for people to read, and as a telephone takes them.

Viet Nam's numbering plan (Ministry of Information and Communications, circular 22/2014/TT-BTTTT and its
changes of 2017): a subscriber's number is a 0 and nine digits, a landline's may have ten; hotlines are
1800 or 1900 and four or six digits; short numbers of three or four begin with 1.
"""

import re

_COUNTRY = re.compile(r"(?:\+|00)84")
#: «+84 (0)204…»: the zero is for calls within the country, and is not dialled after the country code.
_TRUNK = re.compile(r"\(0\)")
_HERE = re.compile(r"0[1-9]\d{8,9}|1[89]00\d{4}(?:\d{2})?|1\d{2,3}")


def dialled(text: str) -> str:
    """The one number in a text, as a `tel:` link holds it (RFC 3966); empty if there is none, or more than
    one.
    """
    plain = re.sub(r"[ .()\-]", "", text)
    country = _COUNTRY.match(plain)
    if country is None:
        return plain if _HERE.fullmatch(plain) else ""
    subscriber = re.sub(r"[ .()\-]", "", _TRUNK.sub("", text, count=1))[country.end() :]
    return f"+84{subscriber}" if re.fullmatch(r"[1-9]\d{8,9}", subscriber) else ""
