"""Takes the picture of a ward's emblem, which its posters bear."""

import hashlib

from flask import Flask, redirect, request
from homthu.adapters.whole_file import make_folder, replace_whole
from posters.emblem import MOST_BYTES, BadEmblem, read_emblem

from setting_up.context import Answer, SetUp


def add_emblem(app: Flask, up: SetUp) -> None:
    """The address that a picture is sent to."""

    @app.post("/bieu-trung")
    def emblem() -> Answer:
        return _take_emblem(up)


def _take_emblem(up: SetUp) -> Answer:
    """Keep the picture beside the box files, under a name made from what it is."""
    draft = up.draft()
    given = request.files.get("hinh")
    content = given.read(MOST_BYTES + 1) if given else b""
    ward = draft.table.setdefault("ward", {})
    if not content:
        ward["emblem"] = ""
        up.place.keep_draft(draft)
        return redirect("/phuong", 303)
    ending = ".png" if content.startswith(b"\x89PNG") else ".svg"
    if ending == ".svg" and is_active(content):
        return redirect("/phuong?hinh=active", 303)
    name = f"bieu-trung-{hashlib.sha256(content).hexdigest()[:8]}{ending}"
    make_folder(up.place.boxes)
    replace_whole(up.place.boxes / name, content)
    try:
        read_emblem(up.place.boxes, name)
    except BadEmblem:
        (up.place.boxes / name).unlink(missing_ok=True)
        return redirect("/phuong?hinh=wrong", 303)
    ward["emblem"] = name
    up.place.keep_draft(draft)
    return redirect("/phuong", 303)


def is_active(svg: bytes) -> bool:
    """Whether a picture runs something or loads something: it goes to citizens' printers, and further."""
    plain = svg.lower().replace(b" ", b"")
    signs = (b"<script", b"javascript:", b"<foreignobject", b"<!entity", b"onload=", b"onclick=")
    outside = (b'href="http', b"href='http", b"url(http")
    return any(sign in plain for sign in (*signs, *outside))
