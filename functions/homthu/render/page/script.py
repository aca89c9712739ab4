"""A script as it is delivered: names of fields inserted, comments and spaces removed, own names shortened."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from string import ascii_lowercase

from homthu.domain.fields import Field
from homthu.render.page.inline import checked

#: A form's field in a script, as `@TEXT@`.
_FIELD = re.compile(r"@([A-Z_]+)@")
_BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
#: Characters beside which a space is redundant; not where `+ +` or `- -` would join.
_SPACED_SIGN = re.compile(r" ?([=<>&|?:,;{}()!*/%^]|(?<![+-])(?<![+-] )[+-](?! ?[+-])) ?")
#: What may precede a regular expression: inside one, no space may be removed.
_PATTERN = re.compile(r"(?:[(=,:!&|?{};]|\breturn)\s*/(?![/*])")
_WORD = re.compile(r"\w+")
_FUNCTION = re.compile(r"\bfunction ?(\w*)\(([^)]*)\)")
_DECLARATION = re.compile(r"\bvar ([^;]*);")
_DECLARED = re.compile(r"(?:^|,)\s*(\w+)(?==|,|$)")
#: Properties and keys of objects must not be renamed.
_PROPERTY = re.compile(r"\.\s*(\w+)|(\w+)\s*:")


def shrink_script(source: str) -> str:
    """A script without comments and redundant spaces, with the names of fields inserted.

    Line ends stay: they may end statements. An unknown field raises `KeyError`, and a regular expression that
    is not made by `new RegExp` raises `ValueError`.
    """
    source = _FIELD.sub(lambda found: Field[found[1]].value, source)
    lines = (line.strip() for line in source.splitlines())
    squeezed = "\n".join(_squeeze(line) for line in lines if line and not line.startswith("//"))
    return checked(_with_short_names(squeezed))


def _squeeze(line: str) -> str:
    """A line of a script without redundant spaces; what is in quotes stays as it is."""
    squeezed, at = "", 0
    for string in _STRING.finditer(line):
        squeezed += _squeeze_code(line[at : string.start()]) + string[0]
        at = string.end()
    return squeezed + _squeeze_code(line[at:])


def _squeeze_code(code: str) -> str:
    if _PATTERN.search(code):
        raise ValueError(f"a regular expression in a script: {code}")
    return _SPACED_SIGN.sub(r"\1", _BLOCK_COMMENT.sub("", code))


def _with_short_names(source: str) -> str:
    """The script with its own names, wherever they stand, made one or two letters long.

    Each gets one name that nothing else in the script has, so that what was told apart stays so. Names
    that are an object's part somewhere, in quotes or not, stay.
    """
    code = _STRING.sub('""', source)
    words = Counter(_WORD.findall(code))
    properties = {name for pair in _PROPERTY.findall(code) for name in pair}
    own = sorted(
        {name for name in _own_names(code) if len(name) > 2} - properties, key=lambda n: (-words[n], n)
    )
    free = (name for name in _short_names() if name not in words)
    short = dict(zip(own, free, strict=False))

    def rename(part: str) -> str:
        return _WORD.sub(lambda found: short.get(found[0], found[0]), part)

    renamed, at = "", 0
    for string in _STRING.finditer(source):
        renamed += rename(source[at : string.start()]) + string[0]
        at = string.end()
    return renamed + rename(source[at:])


def _own_names(code: str) -> Iterator[str]:
    """What the script declares: functions, what they take, and variables."""
    for name, taken in _FUNCTION.findall(code):
        yield from (name, *_WORD.findall(taken))
    for declaration in _DECLARATION.findall(code):
        yield from _DECLARED.findall(declaration)


def _short_names() -> Iterator[str]:
    for length in (1, 2):
        for letters in product(ascii_lowercase, repeat=length):
            if (name := "".join(letters)) not in ("do", "if", "in"):
                yield name
