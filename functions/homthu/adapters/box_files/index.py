"""Boxes as an archive holds them: checked when it was made, and each read when it is first asked for.

With three thousand wards in one deployment, reading every file would take seconds of each start and a
hundred megabytes. So the archive holds an index in their place, below `compiled/` in the boxes' folder:

    head.json             the format, and the digest of each of the following
    wards.json            every ward in short, in the order of the files
    questionnaires.json   the parsed file of each version
    signs.json            the phrases and examples of all files together
    targets.json          the parsed file of each other system that figures are typed into
    ab.json               a bucket: of the places and wards whose digest begins so, the ward of each place,
                          and the digest of each ward's file
    07210.json.bz2        the parsed file of one ward

Nothing in it is judged anew: `index_writer` refuses faulty files, and a file that does not have the
digest which the index says is not used. infra/decisions/0027 says why it is built like this.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from homthu.adapters.box_files.box import read_box
from homthu.adapters.box_files.clips import with_clips
from homthu.adapters.box_files.problems import Notes
from homthu.adapters.box_files.questionnaire import read_questionnaire
from homthu.domain.boxes.box import Box, Boxes
from homthu.domain.errors import HomThuError

if TYPE_CHECKING:
    # What forms do not need is imported where it is used.
    from homthu.domain.boxes.directory import ListedWard
    from homthu.domain.boxes.questionnaire import Questionnaire
    from homthu.domain.boxes.target import Target
    from homthu.domain.submissions.signs import Signs

COMPILED = "compiled"
HEAD, WARDS, QUESTIONNAIRES, SIGNS = "head.json", "wards.json", "questionnaires.json", "signs.json"
TARGETS = "targets.json"
FORMAT = 1
#: The most boxes kept in memory, at some ten kilobytes each.
_KEPT_BOXES = 64
#: The most places whose ward is remembered.
_KEPT_PLACES = 1_024
T = TypeVar("T")


class DamagedIndex(HomThuError):
    """A file of the index is missing or differs from its digest: the archive was changed or cut short."""


def digest_of(content: bytes) -> str:
    """What a file of the index is known by."""
    return hashlib.sha256(content).hexdigest()[:32]


def bucket_of(code: str) -> str:
    """The name of the bucket in which a place or a ward is to be looked for."""
    return f"{hashlib.sha256(code.encode()).hexdigest()[:2]}.json"


def ward_file(code: str) -> str:
    """The name of the file that holds a ward's box."""
    return f"{code}.json.bz2"


class IndexedBoxes(Boxes):
    """The boxes of an index, of which nothing is read before it is needed."""

    index: Index

    def __init__(self, index: Index) -> None:
        by_ward = _OnDemand(index.codes, index.box, kept=_KEPT_BOXES)
        # Frozen like its parent, but without signs and targets: showing a form needs neither.
        vars(self).update(index=index, by_ward=by_ward, questionnaires=index.questionnaires)

    @cached_property
    def signs(self) -> Signs:
        """The phrases by which a text may be a complaint or a denunciation."""
        return self.index.signs

    @cached_property
    def targets(self) -> Mapping[str, Target]:
        """The other systems that figures are typed into, by their names."""
        return self.index.targets

    @cached_property
    def wards(self) -> tuple[ListedWard, ...]:
        """Every ward in short."""
        return self.index.wards

    def ward_of(self, place: str) -> str | None:
        """The code of the ward that has this place."""
        return self.index.ward_of(place)


def open_index(folder: Path) -> IndexedBoxes | None:
    """The boxes of the index in a folder of boxes, or None if it has none; raise `DamagedIndex`."""
    try:
        head = (folder / COMPILED / HEAD).read_bytes()
    except FileNotFoundError:
        return None
    return IndexedBoxes(Index(folder, json.loads(head)))


class Index:
    """Reads the files of an index."""

    def __init__(self, folder: Path, head: Mapping[str, Any]) -> None:
        if head["format"] != FORMAT:
            raise DamagedIndex(HEAD)
        self._boxes = folder
        self._folder = folder / COMPILED
        self._digests: Mapping[str, str] = head["digests"]
        #: The code of the ward that has a place: every form that is handed in asks for it.
        self.ward_of = lru_cache(maxsize=_KEPT_PLACES)(self._ward_of)
        self.questionnaires = _OnDemand(lambda: head["questionnaires"], self._questionnaire)

    @property
    def signs(self) -> Signs:
        """The phrases and examples of all files together."""
        from homthu.domain.submissions.signs import Signs

        return Signs(**{key: tuple(said) for key, said in self._json(SIGNS).items()})

    @cached_property
    def targets(self) -> Mapping[str, Target]:
        """The other systems that figures are typed into, by their names."""
        from homthu.adapters.box_files.target import read_target

        tables = self._json(TARGETS)
        return {name: read_target(name, table, Notes(name)) for name, table in tables.items()}

    @cached_property
    def wards(self) -> tuple[ListedWard, ...]:
        """Every ward in short, in the order of the files."""
        from homthu.domain.boxes.directory import ListedWard

        keys = ("code", "kind", "name", "province", "places")
        return tuple(ListedWard(**dict(zip(keys, row, strict=True))) for row in self._json(WARDS))

    def codes(self) -> list[str]:
        """The codes of all wards, in the order of the files."""
        return [ward.code for ward in self.wards]

    def _ward_of(self, place: str) -> str | None:
        ward: str | None = self._bucket(place)["places"].get(place)
        return ward

    def box(self, code: str) -> Box:
        """The box of a ward; raise `KeyError` if there is none."""
        # Imported on use: no start should wait for it.
        import bz2

        name = ward_file(code)
        digest = self._bucket(code)["wards"][code]
        notes = Notes(name)
        box = read_box(json.loads(bz2.decompress(self._read(name, digest))), notes, self.questionnaires)
        if notes.problems:
            raise DamagedIndex(name)
        return box

    def _questionnaire(self, version: str) -> Questionnaire:
        asked = read_questionnaire(version, self._tables[version], Notes(version))
        return with_clips(self._boxes, {version: asked})[0][version]

    @cached_property
    def _tables(self) -> Mapping[str, object]:
        tables: Mapping[str, object] = self._json(QUESTIONNAIRES)
        return tables

    def _bucket(self, code: str) -> Mapping[str, Mapping[str, Any]]:
        name = bucket_of(code)
        if name not in self._digests:
            return {"places": {}, "wards": {}}
        found: Mapping[str, Mapping[str, Any]] = self._json(name)
        return found

    def _json(self, name: str) -> Any:
        return json.loads(self._read(name, self._digests[name]))

    def _read(self, name: str, digest: str) -> bytes:
        try:
            content = (self._folder / name).read_bytes()
        except FileNotFoundError:
            raise DamagedIndex(name) from None
        if digest_of(content) != digest:
            raise DamagedIndex(name)
        return content


class _OnDemand(Mapping[str, T]):
    """Values by key, each read when it is asked for; up to this many are kept, or all."""

    def __init__(
        self, keys: Callable[[], list[str]], read: Callable[[str], T], *, kept: int | None = None
    ) -> None:
        self._keys = keys
        self._read = lru_cache(maxsize=kept)(read)

    def __getitem__(self, key: str) -> T:
        return self._read(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys())

    def __len__(self) -> int:
        return len(self._keys())
