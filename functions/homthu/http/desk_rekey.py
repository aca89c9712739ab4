"""«Nhập liệu»: what is to be typed into another system; the one page of the desk that clerks have."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response

from homthu.domain.fields import DeskField, row_fields
from homthu.domain.rekeying.typed import Mark, Marked
from homthu.domain.week import local_date
from homthu.http.desk_door import DeskDoor
from homthu.http.parts import DeskParts
from homthu.http.request import RequestRefused
from homthu.http.responses import page_response
from homthu.log import log
from homthu.ports import Conflict, StoreUnavailable
from homthu.render.desk.inputs import DeskMessage
from homthu.render.rekey.pages import RekeyPage
from homthu.services.rekey import RekeyingSheet, mark_rows, read_rekeying, with_newest_ticks
from homthu.services.rekey_access import Typist, open_typist

#: The fields of each form, by the last part of its address: the page, its printable form, and ticks.
REKEY_FIELDS = {
    "nhap": frozenset({DeskField.PASS}),
    "nhap-in": frozenset({DeskField.PASS}),
    "nhap-xong": frozenset({DeskField.PASS, DeskField.ACTION, *row_fields()}),
}


@dataclass(frozen=True, slots=True)
class DeskRekey:
    """Answers those with the pass of a clerk, or of a recipient who reads figures."""

    parts: DeskParts

    @property
    def door(self) -> DeskDoor:
        """Answers every invalid pass alike."""
        return DeskDoor(self.parts)

    def open(self, token: str) -> Response:
        """What a clerk's link leads to."""
        pages, base_url = self.parts.rekey_pages, self.parts.base_url
        return self.door.behind_link(
            lambda: open_typist(self.door.passes, token),
            lambda typist: pages.door(typist.box, token, base_url),
        )

    def work(self, form: str, fields: Mapping[str, str]) -> Response:
        """Show what is to be typed, or tick rows. Raise `RequestRefused` for unknown fields."""
        typist = open_typist(self.door.passes, fields.get(DeskField.PASS, ""))
        if typist is None:
            return self.door.denied()
        if set(fields) - REKEY_FIELDS[form]:
            raise RequestRefused(400)
        sheet = self._sheet(typist)
        if sheet is None:
            return self.door.message(DeskMessage.MISSING, 404)
        if form == "nhap-xong":
            return self._mark(typist, sheet, fields)
        page = self._page(typist, sheet, fields)
        pages = self.parts.rekey_pages
        return page_response(pages.printed(page) if form == "nhap-in" else pages.home(page))

    def _mark(self, typist: Typist, sheet: RekeyingSheet, fields: Mapping[str, str]) -> Response:
        parts = self.parts
        mark = next((one for one in Mark if one == fields.get(DeskField.ACTION)), None)
        if mark is None:
            raise RequestRefused(400)
        keys = [fields[name] for name in row_fields() if name in fields]
        try:
            marked = mark_rows(
                parts.typed_weeks,
                sheet,
                typist.box,
                keys,
                mark,
                who=typist.name,
                on=local_date(parts.clock()),
            )
        except Conflict as conflict:
            raise StoreUnavailable("busy") from conflict
        log("rows_marked", ward=typist.ward, mark=mark.value, count=marked.count, stale=marked.stale)
        newest = with_newest_ticks(sheet, parts.typed_weeks, typist.box, parts.clock())
        page = self._page(typist, newest, fields, marked)
        return page_response(parts.rekey_pages.home(page), 409 if marked.stale else 200)

    def _sheet(self, typist: Typist) -> RekeyingSheet | None:
        parts = self.parts
        return read_rekeying(parts.ledger, parts.typed_weeks, parts.boxes, typist.box, parts.clock())

    def _page(
        self,
        typist: Typist,
        sheet: RekeyingSheet,
        fields: Mapping[str, str],
        marked: Marked | None = None,
    ) -> RekeyPage:
        return RekeyPage(
            box=typist.box,
            name=typist.name,
            until=typist.until,
            is_member=typist.is_member,
            target=sheet.target.title,
            to_type=sheet.to_type,
            typed=sheet.typed,
            totals=sheet.totals,
            today=local_date(self.parts.clock()),
            token=fields[DeskField.PASS],
            base_url=self.parts.base_url,
            marked=marked,
        )
