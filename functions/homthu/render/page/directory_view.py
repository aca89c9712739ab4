"""A page of the directory for the templates: links, neighbouring pages, and the search field."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from homthu.domain.boxes.directory import Choice, ListedWard, Listing, Province
from homthu.domain.fields import Query
from homthu.record import record
from homthu.render.numbers import format_count
from homthu.render.page.options import PageOptions
from homthu.render.texts import Texts


@record
class Link:
    """Where a link leads, its text in Vietnamese, and what is added in the page's own language."""

    address: str
    label: str
    note: str = ""


@record
class Pager:
    """The addresses of the neighbouring pages, or nothing, and the number of this page and of all."""

    before: str
    after: str
    number: int
    pages: int


@record
class DirectoryView:
    """What a template shows of a listing. `action` and `fields` are those of the form to search with;
    `whole` leads back to the whole directory, if this is a part of it."""

    title: str
    links: tuple[Link, ...]
    pager: Pager
    action: str
    fields: tuple[tuple[str, str], ...]
    typed: str
    is_nothing_found: bool
    whole: str


def directory_view(
    listing: Listing, options: PageOptions, texts: Texts, *, path: str, ward_address: Callable[[str], str]
) -> DirectoryView:
    """The view of a listing on the page at this path; `ward_address` gives where a ward's code leads."""
    choice = listing.choice
    links = [_province(one, options, texts, path) for one in listing.provinces]
    links += [_ward(one, ward_address) for one in listing.wards]
    if choice.typed:
        title = texts("page.directory.found", typed=choice.typed)
    elif listing.provinces:
        title = texts("page.directory.provinces")
    else:
        title = texts("page.directory.wards")
    return DirectoryView(
        title=title,
        links=tuple(links),
        pager=pager(choice, listing.pages, options, path),
        action=path,
        fields=options.query_fields,
        typed=choice.typed,
        is_nothing_found=bool(choice.typed) and not links,
        whole=path + options.query if choice.typed or choice.province else "",
    )


def pager(choice: Choice | None, pages: int, options: PageOptions, path: str) -> Pager:
    """The neighbouring pages of this one."""
    choice = choice or Choice()
    here = choice.page
    before, after = (replace(choice, page=here + step) for step in (-1, 1))
    return Pager(
        before=directory_path(path, before, options) if here else "",
        after=directory_path(path, after, options) if here + 1 < pages else "",
        number=here + 1,
        pages=pages,
    )


def directory_path(path: str, choice: Choice | None, options: PageOptions) -> str:
    """The address of a choice."""
    choice = choice or Choice()
    chosen = {
        Query.WARD: choice.ward,
        Query.PROVINCE: choice.province,
        Query.SEARCH: choice.typed,
        Query.PAGE: str(choice.page + 1) if choice.page else "",
    }
    pairs = [*options.query_fields, *((name, value) for name, value in chosen.items() if value)]
    return path + ("?" + urlencode(pairs) if pairs else "")


def _province(province: Province, options: PageOptions, texts: Texts, path: str) -> Link:
    return Link(
        address=directory_path(path, Choice(province=province.key), options),
        label=_capital(province.name),
        note=texts("page.directory.count", count=format_count(province.wards)),
    )


def _ward(ward: ListedWard, ward_address: Callable[[str], str]) -> Link:
    return Link(address=ward_address(ward.code), label=f"{_capital(ward.full_name)}, {ward.province}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
