"""The directory: the wards of a deployment in short, by province and by what people type for them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from homthu.domain.text import clean_line, fold

#: Nobody's ward has a longer name; what is longer is cut before it is looked for.
MOST_TYPED = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedWard:
    """What a list shows of a ward, without its box having to be read."""

    code: str
    kind: str
    name: str
    province: str
    places: int

    @property
    def full_name(self) -> str:
        """As it stands in a sentence: «phường Bắc Giang»."""
        return f"{self.kind} {self.name}"

    @property
    def province_key(self) -> str:
        """The province in an address: `tinh-bac-giang`."""
        return re.sub(r"[^a-z0-9]+", "-", fold(self.province)).strip("-")


@dataclass(frozen=True, kw_only=True, slots=True)
class Province:
    """A province as a list shows it: its key in an address, its name, how many of its wards have a box."""

    key: str
    name: str
    wards: int


def provinces(wards: Iterable[ListedWard]) -> tuple[Province, ...]:
    """The provinces of these wards, by name as it is read without marks."""
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for ward in wards:
        key = ward.province_key
        counts[key] = counts.get(key, 0) + 1
        names.setdefault(key, ward.province)
    return tuple(
        Province(key=key, name=names[key], wards=counts[key]) for key in sorted(counts, key=_without_kind)
    )


def in_province(wards: Iterable[ListedWard], key: str) -> tuple[ListedWard, ...]:
    """The wards of the province with this key, by name."""
    return tuple(sorted((ward for ward in wards if ward.province_key == key), key=_by_name))


def search(wards: Iterable[ListedWard], typed: str) -> Sequence[ListedWard]:
    """The wards that have every word that was typed, marks and case aside; those named so come first.

    A word is found where a word of the ward's kind, name, province or code begins with it.
    """
    wanted = _words(clean_line(typed)[:MOST_TYPED])
    if not wanted:
        return ()
    found = [ward for ward in wards if _has_all(ward, wanted)]
    name = " ".join(wanted)
    return sorted(
        found, key=lambda ward: (name not in (fold(ward.name), fold(ward.full_name)), *_by_name(ward))
    )


def _has_all(ward: ListedWard, wanted: Sequence[str]) -> bool:
    words = _words(f"{ward.code} {ward.full_name} {ward.province}")
    return all(any(word.startswith(one) for word in words) for one in wanted)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text))


def _by_name(ward: ListedWard) -> tuple[str, str, str]:
    return fold(ward.name), ward.province_key, ward.code


def _without_kind(key: str) -> str:
    """«Bắc Ninh», not «tỉnh …»: a list by kind would begin with half of the alphabet twice."""
    return re.sub(r"^(?:tinh|thanh-pho|tp)-", "", key)
