"""The page that a box leaves behind: it tells those who scan a remaining poster, and where to go instead."""

from html import escape

from homthu.domain.boxes.box import Boxes


def farewell_page(boxes: Boxes) -> str:
    """One page for all wards of the deployment, with where to go instead."""
    wards = "".join(
        f"<li><strong>{escape(box.ward.full_name)}</strong>: {escape(box.contact.reception)}, "
        f"{escape(box.contact.reception_hours)}, điện thoại {escape(box.contact.phone)}</li>"
        for box in boxes.by_ward.values()
    )
    return (
        '<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="robots" content="noindex">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Hòm thư đã ngừng</title>'
        "<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto}</style>"
        "<h1>Hòm thư góp ý điện tử này đã ngừng hoạt động</h1>"
        "<p>Hòm thư không còn nhận phiếu góp ý qua mã QR. Xin ông/bà góp ý trực tiếp với phường, xã:</p>"
        f"<ul>{wards}</ul>"
        '<p lang="en">This suggestion box is closed. Please turn to the office named above.</p></html>\n'
    )
