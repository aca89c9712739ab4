"""Parses what an address selects from the directory of wards."""

from collections.abc import Mapping

from homthu.domain.boxes.box import Boxes
from homthu.domain.boxes.directory import MOST_TYPED, Choice
from homthu.domain.fields import Query
from homthu.domain.text import clean_line

_MOST_DIGITS = 3


def choice_from_query(query: Mapping[str, str], boxes: Boxes) -> Choice | None:
    """The choice in an address, or None. Anything that is no ward or province of ours, and no number, is
    ignored.

    So there are no more choices than pages, apart from what is typed: whatever else an address holds, the
    cached pages do not multiply.
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
    """Counted from 0; an address counts from 1, as people do."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        return 0
    return max(0, int(text) - 1)
