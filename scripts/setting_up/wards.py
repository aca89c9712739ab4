"""The official list of wards: 3,321 units of commune level since 1 July 2025, by their five-digit code.

It is read from the data of the package vietnamadminunits (MIT), whose own code, which wants shapely and
pandas, is never imported. Why this package and not another: decision 0038.
"""

import json
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "vietnamadminunits"
_MOST_FOUND = 30
_WARDS = (
    "SELECT wardCode, wardType, wardShort, province, provinceKey, wardKey FROM admin_units ORDER BY wardCode"
)
_FORMER = (
    "SELECT provinceKey, districtKey, wardKey, ward, wardCode FROM admin_units_legacy WHERE ward IS NOT NULL"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficialWard:
    """One unit of the list, worded as within a sentence: «phường», «tỉnh Bắc Ninh»."""

    code: str
    kind: str
    name: str
    province: str
    #: The units that it was formed from, as a box file names them: «phường Ngô Quyền».
    former_names: tuple[str, ...]
    #: Their codes before July 2025, which older documents still give.
    former_codes: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """Kind and name, as within a sentence: «phường Bắc Giang»."""
        return f"{self.kind} {self.name}"


def find_wards(text: str) -> list[OfficialWard]:
    """The wards that a query matches, best first, by present or former code, name, or former name.

    Tone marks may be left out; adding a province narrows the result: «ngo quyen hai phong».
    """
    asked = _plain(text)
    if not asked:
        return []
    if asked.isdigit():
        wards = all_wards()
        now = [wards[asked]] if asked in wards else []
        return now + [ward for ward in wards.values() if asked in ward.former_codes and ward not in now]
    words = asked.split()
    ranked = [
        (rank, ward) for ward in all_wards().values() if (rank := _rank(ward, asked, words)) is not None
    ]
    ranked.sort(key=lambda pair: (pair[0], pair[1].code))
    return [ward for _, ward in ranked[:_MOST_FOUND]]


@cache
def all_wards() -> Mapping[str, OfficialWard]:
    """Every ward by its code."""
    data = _data_folder()
    with closing(sqlite3.connect(f"file:{data / 'dataset.db'}?mode=ro&immutable=1", uri=True)) as database:
        rows = database.execute(_WARDS).fetchall()
        before = {
            f"{province}_{district}_{ward}": (name, code)
            for province, district, ward, name, code in database.execute(_FORMER)
        }
    sources = _sources(json.loads((data / "converter_2025.json").read_text("utf-8")))
    found: dict[str, OfficialWard] = {}
    for code, kind, name, province, province_key, ward_key in rows:
        former = [before[key] for key in sources[province_key, ward_key] if key in before]
        found[code] = OfficialWard(
            code=code,
            kind=kind.lower(),
            name=unicodedata.normalize("NFC", name),
            province=_in_a_sentence(province),
            former_names=tuple(dict.fromkeys(_in_a_sentence(name) for name, _ in former)),
            former_codes=tuple(code for _, code in former),
        )
    return found


def _data_folder() -> Path:
    """The folder of the package, found without running any of its code. Raise `LookupError`."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(PACKAGE)
    return Path(spec.submodule_search_locations[0]) / "data"


def _sources(
    converter: Mapping[str, Mapping[str, Mapping[str, Iterable[str]]]],
) -> Mapping[tuple[str, str], list[str]]:
    """The former units of each present unit, undivided ones first, by the package's own keys."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, olds in wards.items():
            found[province, ward] += olds
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in divided.items():
            for part in parts:
                found[province, part["newWardKey"]].append(old)  # type: ignore[index]
    return found


def _in_a_sentence(name: str) -> str:
    """«Phường Ngô Quyền» as «phường Ngô Quyền»."""
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    return name[:1].lower() + name[1:]


@cache
def _plain(text: str) -> str:
    """Lower case without tone marks, as typed without a Vietnamese keyboard."""
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    letters = "".join(c if c.isalnum() else " " for c in parts if not unicodedata.combining(c))
    return " ".join(letters.split())


def _rank(ward: OfficialWard, asked: str, words: list[str]) -> int | None:
    """How well a ward matches, lowest best: by its own name, then by former names; None for no match."""
    name, province = _plain(ward.name), _plain(ward.province)
    if asked in (name, _plain(ward.full_name)):
        return 0
    former = [_plain(one) for one in ward.former_names]
    own = f" {_plain(ward.full_name)} {province}"
    if all(f" {word}" in own for word in words):
        return 1
    if any(asked in (one, one.partition(" ")[2]) for one in former):
        return 2
    if any(all(f" {word}" in f" {one} {province}" for word in words) for one in former):
        return 3
    return None
