"""«Danh sách mã QR» as a workbook: every place with its code as a picture, its addresses and serial."""

from datetime import date
from io import BytesIO

from homthu.domain.boxes.box import Box, Place
from homthu.render.texts import Texts
from homthu.render.workbook.xlsx import add_sheet, open_workbook

from posters.address import large_url, place_link, place_url
from posters.code import make_code
from posters.pack import serial_of

#: Column widths in characters, by key of `print.list`: together they can be read on an A4 sheet across.
#: The last two are filled in by hand.
COLUMNS = {
    "number": 5,
    "place_code": 9,
    "place": 24,
    "former_ward": 14,
    "kind": 10,
    "url": 25,
    "large_url": 25,
    "link": 25,
    "serial": 12,
    "code": 21,
    "hung_on": 10,
    "hung_by": 13,
}
_CODE_PIXELS, _ROW_PIXELS = 140, 150


def workbook(box: Box, base_url: str, edition: int, made_on: date, texts: Texts) -> bytes:
    """One sheet, one row a place. The date is given, so that equal input makes equal bytes."""
    buffer = BytesIO()
    ward = box.ward
    title = texts("print.product.list")
    with open_workbook(buffer, title=title, author=ward.authority, made_on=made_on) as book:
        sheet = add_sheet(book, title)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
        sheet.fit_to_pages(1, 0)
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
        cell = book.add_format({"text_wrap": True, "valign": "vcenter", "border": 1})
        subtitle = texts("print.list.subtitle", ward=ward.full_name, province=ward.province, code=ward.code)
        sheet.write_string(0, 0, texts("print.list.title"), book.add_format({"bold": True, "font_size": 16}))
        sheet.write_string(1, 0, subtitle)
        for column, (key, width) in enumerate(COLUMNS.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, texts(f"print.list.{key}"), head)
        for row, place in enumerate(box.places, 3):
            sheet.set_row_pixels(row, _ROW_PIXELS)
            values = _row(box, place, base_url, edition, texts)
            for column, key in enumerate(COLUMNS):
                sheet.write_string(row, column, values.get(key, ""), cell)
            sheet.write_number(row, 0, row - 2, cell)
            _insert_code(sheet, row, place_url(base_url, place))
        sheet.freeze_panes(3, 0)
        sheet.repeat_rows(2)
    return buffer.getvalue()


def _row(box: Box, place: Place, base_url: str, edition: int, texts: Texts) -> dict[str, str]:
    return {
        "place_code": place.code,
        "place": place.name,
        "former_ward": place.former_ward,
        "kind": texts(f"print.kind.{place.kind}"),
        "url": place_url(base_url, place),
        "large_url": large_url(base_url, place),
        "link": place_link(base_url, place),
        "serial": serial_of(box, place, edition),
    }


def _insert_code(sheet: object, row: int, url: str) -> None:
    code = make_code(url)
    scale = _CODE_PIXELS / code.pixels
    sheet.insert_image(  # type: ignore[attr-defined]
        row,
        list(COLUMNS).index("code"),
        f"{url}.png",
        {
            "image_data": BytesIO(code.png),
            "x_scale": scale,
            "y_scale": scale,
            "x_offset": 5,
            "y_offset": 5,
            "description": url,
        },
    )
