"""What stands inside a page instead of beside it: style, script, icon, and the policy naming them."""

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote

from homthu.domain.fields import Field

#: The one policy a script of ours makes: it allows the address of the service worker.
_TRUSTED_TYPES = "homthu"
#: A form's field in a script, as `@TEXT@`.
_FIELD = re.compile(r"@([A-Z_]+)@")
_BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
#: A sign beside which a space says nothing; not where `+ +` or `- -` would grow together.
_SPACED_SIGN = re.compile(r" ?([=<>&|?:,;{}()!*/%^]|(?<![+-])(?<![+-] )[+-](?! ?[+-])) ?")
_SPACED_STYLE = re.compile(r"(?<=[:;,{]) | (?=\{)")
#: What may begin a regular expression: inside one, a space is not ours to take.
_PATTERN = re.compile(r"[(=,:!&|?{};]\s*/(?![/*])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A finished page and the Content-Security-Policy that allows exactly what it holds."""

    html: bytes
    csp: str


def shrink_style(source: str) -> str:
    """A style sheet without comments, line ends, and the spaces that say nothing."""
    lines = (_SPACED_STYLE.sub("", line.strip()) for line in _BLOCK_COMMENT.sub("", source).splitlines())
    return _checked("".join(line if line.endswith(tuple("{};,")) else line + " " for line in lines if line))


def shrink_script(source: str) -> str:
    """A script without comments and the spaces that say nothing, with the names of fields spelt out.

    Line ends stay: they may end statements. A field that we do not have raises `KeyError`, and a
    regular expression that is not made by `new RegExp` raises `ValueError`.
    """
    source = _FIELD.sub(lambda found: Field[found[1]].value, source)
    lines = (line.strip() for line in source.splitlines())
    return _checked("\n".join(_squeeze(line) for line in lines if line and not line.startswith("//")))


def _squeeze(line: str) -> str:
    """A line of a script; what stands in quotes stays as it is."""
    squeezed, at = "", 0
    for string in _STRING.finditer(line):
        squeezed += _squeeze_code(line[at : string.start()]) + string[0]
        at = string.end()
    return squeezed + _squeeze_code(line[at:])


def _squeeze_code(code: str) -> str:
    if _PATTERN.search(code):
        raise ValueError(f"a regular expression in a script: {code}")
    return _SPACED_SIGN.sub(r"\1", _BLOCK_COMMENT.sub("", code))


def _checked(source: str) -> str:
    if "</" in source or "<!--" in source:
        raise ValueError("an inlined file would end or open the element around it")
    return source


def data_uri(svg: bytes) -> str:
    """An SVG image as an address, so that no second request is needed for the icon."""
    return "data:image/svg+xml," + quote(svg.decode().strip(), safe=" =:/'(),;")


def policy(style: str, script: str) -> str:
    """The policy of a page with this inline style and script; an empty script allows none.

    Workers and the manifest are not inline; they keep room for working offline.
    """
    directives = [
        "default-src 'none'",
        *([f"script-src {_hash(script)}"] if script else []),
        "trusted-types " + (_TRUSTED_TYPES if script else "'none'"),
        f"style-src {_hash(style)}",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ]
    return "; ".join(directives)


def _hash(source: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"
