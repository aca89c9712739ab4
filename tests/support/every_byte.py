"""What somebody finds who may open everything that an office holds: files, mails, archives, records."""

from collections.abc import Iterator
from contextlib import closing, suppress
from email import message_from_bytes
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from homthu.domain.backup import Kind, entry_line
from homthu.ports.backup import Backup


def inside(content: bytes) -> Iterator[bytes]:
    """Some bytes, and what a person would see who opens them: mails, archives and what is in these."""
    yield content
    with suppress(BadZipFile), ZipFile(BytesIO(content)) as archive:
        yield from (archive.read(name) for name in archive.namelist())
    for part in message_from_bytes(content).walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload != content and part.get("Content-Transfer-Encoding"):
            yield from inside(payload)


def every_byte(data: Path, backup: Backup) -> Iterator[bytes]:
    """All files of a folder, and all records of a store, which is left afterwards."""
    for path in data.rglob("*"):
        if path.is_file():
            yield from inside(path.read_bytes())
    with closing(backup) as store:
        for kind in Kind:
            for entry in store.dump(kind):
                yield entry_line(entry).encode()
                for value in entry.record.values():
                    if isinstance(value, bytes):
                        yield from inside(value)
