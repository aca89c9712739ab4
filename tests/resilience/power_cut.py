"""What a disk may hold after the power went, worked out from a trace of what a box asked of it.

POSIX promises of a file only what an fsync of it has returned for, and of a name only what an fsync
of its folder has. Everything since may be there or not, in any order, and in pieces of a sector. This
replays `strace`'s record of a box into such disks; no disk is cut off, and none that lies about fsync
is tried.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

#: What is watched: all by which SQLite and our own code change files and names, and what is sent to a phone.
SYSCALLS = "mkdir,openat,write,pwrite64,ftruncate,fsync,fdatasync,link,linkat,rename,unlink,sendto"
_SECTOR = 512
_RECEIPT = b"HTTP/1.1 303 "
_UNFINISHED, _RESUMED = " <unfinished ...>", re.compile(r"<\.\.\. \w+ resumed>(.*)")
_LINE = re.compile(r"(\d+) +(.*)")
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)")
_PATH = re.compile(r"\d+<([^>]*)>")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True)
class Event:
    """One thing that happened: a call that changed a file or made it durable, or a receipt sent."""

    kind: str
    path: str = ""
    data: bytes = b""
    number: int = 0
    other: str = ""


@dataclass
class _File:
    """What is certain to be on the disk, and what was asked for since."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Event] = field(default_factory=list)

    def contents(self, kept: Iterable[Event]) -> bytes:
        found = bytearray(self.durable)
        for event in kept:
            if event.kind == "truncate":
                del found[event.number :]
                found.extend(bytes(event.number - len(found)))
            else:
                found.extend(bytes(max(0, event.number - len(found))))
                found[event.number : event.number + len(event.data)] = event.data
        return bytes(found)


class Disk:
    """The files of one folder as they are, and as they are certain to be."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._names: dict[str, _File] = {}
        self._durable_names: dict[str, _File] = {}
        self.receipts = 0

    def take(self, event: Event) -> None:
        """Let one event happen."""
        match event.kind:
            case "receipt":
                self.receipts += 1
            case "create":
                self._names.setdefault(event.path, _File())
            case "append":
                file = self._names[event.path]
                end = len(file.contents(file.pending))
                file.pending.append(Event("write", event.path, event.data, end))
            case "write" | "truncate":
                self._names[event.path].pending.append(event)
            case "sync" if event.path in self._names and event.path != self._folder:
                file = self._names[event.path]
                file.durable, file.pending = bytearray(file.contents(file.pending)), []
            case "sync":
                self._sync_folder(event.path)
            case "link":
                self._names[event.other] = self._names[event.path]
            case "unlink":
                self._names.pop(event.path, None)

    def _sync_folder(self, folder: str) -> None:
        for name in {*self._names, *self._durable_names}:
            if str(Path(name).parent) == folder:
                if name in self._names:
                    self._durable_names[name] = self._names[name]
                else:
                    del self._durable_names[name]

    def after_a_cut(self, chance: Random | None) -> dict[str, bytes]:
        """The files if the power goes now: with nothing that is not certain, or with some of it."""
        if chance is None:
            return self._found({name: bytes(file.durable) for name, file in self._durable_names.items()})
        names = dict(self._durable_names)
        for name in {*self._names, *self._durable_names}:
            if self._names.get(name) is not names.get(name) and chance.random() < 0.5:
                if name in self._names:
                    names[name] = self._names[name]
                else:
                    del names[name]
        return self._found(
            {name: file.contents(_some_of(file.pending, chance)) for name, file in names.items()}
        )

    def _found(self, files: dict[str, bytes]) -> dict[str, bytes]:
        """With a folder whose own name is lost all that is in it is lost."""
        return {name: files[name] for name in files if name != self._folder} if self._folder in files else {}


def _some_of(pending: Iterable[Event], chance: Random) -> list[Event]:
    """Some of the sectors written, in another order."""
    pieces = [piece for event in pending for piece in _sectors(event)]
    return chance.sample(pieces, chance.randint(0, len(pieces)))


def _sectors(event: Event) -> Iterator[Event]:
    if event.kind == "truncate":
        yield event
    for start in range(0, len(event.data), _SECTOR):
        yield Event("write", event.path, event.data[start : start + _SECTOR], event.number + start)


def events(trace: Path, folder: Path) -> Iterator[Event]:
    """What `strace -f -y -xx` saw, as far as it concerns this folder or a phone, in its order."""
    begun: dict[str, str] = {}
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            if not (found := _LINE.match(line)):
                continue
            thread, text = found.groups()
            if _is_receipt(text):
                # As soon as it is asked for: the phone may have it before the call returns.
                yield Event("receipt")
            if text.endswith(_UNFINISHED):
                begun[thread] = text.removesuffix(_UNFINISHED)
                continue
            if resumed := _RESUMED.match(text):
                text = begun.pop(thread) + resumed.group(1)
            if (call := _CALL.match(text)) and int(call.group(3)) >= 0:
                yield from _event(call.group(1), call.group(2), str(folder))


def _is_receipt(text: str) -> bool:
    return text.startswith("sendto(") and any(s.startswith(_RECEIPT) for s in _strings(text))


def _event(call: str, arguments: str, folder: str) -> Iterator[Event]:
    strings, opened = _strings(arguments), _PATH.match(arguments)
    if opened and call != "openat":
        path = _decoded(opened.group(1)).decode("utf-8", "replace")
        if path.startswith(folder) or path == str(Path(folder).parent):
            yield from _change(call, path, strings, arguments.rpartition(", ")[2])
    elif strings and strings[0].startswith(folder.encode()):
        yield from _naming(call, [string.decode() for string in strings], arguments)


def _change(call: str, path: str, strings: list[bytes], last: str) -> Iterator[Event]:
    """What a call does with an open file; its last argument is a place or a length."""
    match call:
        case "pwrite64":
            yield Event("write", path, strings[0], int(last))
        case "write":
            # What writes without saying where goes on from the end of what it has written.
            yield Event("append", path, strings[0])
        case "ftruncate":
            yield Event("truncate", path, number=int(last))
        case "fsync" | "fdatasync":
            yield Event("sync", path)


def _naming(call: str, names: list[str], arguments: str) -> Iterator[Event]:
    """What a call does with names."""
    match call:
        case "mkdir":
            yield Event("create", names[0])
        case "openat" if "O_CREAT" in arguments:
            yield Event("create", names[0])
            if "O_TRUNC" in arguments:
                yield Event("truncate", names[0])
        case "link" | "linkat" | "rename":
            yield Event("link", names[0], other=names[-1])
            if call == "rename":
                yield Event("unlink", names[0])
        case "unlink":
            yield Event("unlink", names[0])


def _strings(text: str) -> list[bytes]:
    return [_decoded(found) for found in _STRING.findall(text)]


def _decoded(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()
