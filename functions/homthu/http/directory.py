"""What an address chooses of the directory of wards."""

from collections.abc import Mapping

from homthu.domain.boxes.box import Boxes
from homthu.domain.boxes.directory import MOST_TYPED, Choice
from homthu.domain.fields import Query
from homthu.domain.text import clean_line

_MOST_DIGITS = 3


def choice_from_query(query: Mapping[str, str], boxes: Boxes) -> Choice | None:
    """The choice in an address, or None. What is no ward or province of ours, and no number, was not said.

    So there are no more choices than pages, but for what is typed: whatever else is in an address, the pages
    that are kept do not multiply.
    """
    page = _page(query.get(Query.PAGE, ""))
    if typed := clean_line(query.get(Query.SEARCH, ""))[:MOST_TYPED]:
        return Choice(typed=typed, page=page)
    ward, province = query.get(Query.WARD, ""), query.get(Query.PROVINCE, "")
    if ward and any(one.code == ward for one in boxes.wards):
        return Choice(ward=ward, page=page)
    if province and any(one.province_key == province for one in boxes.wards):
        return Choice(province=province, page=page)
    return Choice(page=page) if page else None


def _page(text: str) -> int:
    """Counted from 0; an address counts as people do, from 1."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        return 0
    return max(0, int(text) - 1)
