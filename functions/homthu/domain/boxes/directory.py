"""The directory: the wards of a deployment in short, by province and by what people type for them."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from homthu.domain.text import clean_line, fold
from homthu.record import record

#: No ward has a longer name; longer input is cut before the search.
MOST_TYPED = 80
#: Entries that fit into a page of 14,336 bytes even with the longest names that a box file may hold.
PAGE = 45
#: Up to these numbers of wards and places, one page lists all places.
_FEW_WARDS, _FEW_PLACES = 12, 45
T = TypeVar("T")


@record
class ListedWard:
    """What a list shows of a ward, without reading its box."""

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


@record
class Province:
    """A province as a list shows it: its key in an address, its name, how many of its wards have a box."""

    key: str
    name: str
    wards: int


@record
class Choice:
    """What somebody chose in the directory; at most one of the first three is set. Pages count from 0."""

    ward: str = ""
    province: str = ""
    typed: str = ""
    page: int = 0


@record
class Listing:
    """A page of the directory: provinces to choose from, or wards."""

    choice: Choice
    provinces: tuple[Province, ...] = ()
    wards: tuple[ListedWard, ...] = ()
    pages: int = 1


def are_few(wards: Sequence[ListedWard]) -> bool:
    """Whether all places of these wards are listed on one page."""
    return len(wards) <= _FEW_WARDS and sum(ward.places for ward in wards) <= _FEW_PLACES


def look(wards: Sequence[ListedWard], choice: Choice | None = None) -> Listing:
    """The page of the directory that was chosen; where there is no such page, the first."""
    choice = choice or Choice()
    if choice.typed:
        found: Sequence[ListedWard] = search(wards, choice.typed)
    elif choice.province:
        found = in_province(wards, choice.province)
    elif len(wards) <= PAGE:
        found = wards
    else:
        every = provinces(wards)
        if len(every) > 1:
            shown, page, pages = paged(every, choice.page)
            return Listing(choice=Choice(page=page), provinces=shown, pages=pages)
        found = in_province(wards, every[0].key)
    some, page, pages = paged(found, choice.page)
    chosen = Choice(province=choice.province, typed=choice.typed, page=page)
    return Listing(choice=chosen, wards=some, pages=pages)


def paged(entries: Sequence[T], page: int) -> tuple[tuple[T, ...], int, int]:
    """The entries on a page, the number of that page, and the number of pages."""
    pages = max(1, -(-len(entries) // PAGE))
    page = page if page < pages else 0
    return tuple(entries[page * PAGE : (page + 1) * PAGE]), page, pages


def provinces(wards: Iterable[ListedWard]) -> tuple[Province, ...]:
    """The provinces of these wards, sorted by name without diacritics."""
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
    """The wards that contain every word that was typed, ignoring diacritics and case; exact names come first.

    A word matches where a word of the ward's kind, name, province or code begins with it.
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
