"""What files of an office suite have in common: an archive whose bytes must not reveal when it was made."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

#: What the file says it was made with, where its library would name somebody else's program.
PROGRAM = "Hòm thư góp ý điện tử"
_PROPERTIES = "docProps/app.xml"
_APPLICATION = re.compile(rb"<Application>[^<]*</Application>")
_VERSION = re.compile(rb"\s*<(AppVersion|Template)>[^<]*</\1>")
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def repacked(written: BytesIO) -> bytes:
    """The same parts under one fixed date, since libraries write the time of day, and under our name."""
    buffer = BytesIO()
    with ZipFile(written) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, _ZIP_DATE)
            entry.compress_type = ZIP_DEFLATED
            content = source.read(name)
            target.writestr(entry, _renamed(content) if name == _PROPERTIES else content)
    return buffer.getvalue()


def _renamed(properties: bytes) -> bytes:
    ours = f"<Application>{PROGRAM}</Application>".encode()
    return _VERSION.sub(b"", _APPLICATION.sub(ours, properties))
