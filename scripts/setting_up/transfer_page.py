"""The page that exports a ward for another machine, and imports one."""

from flask import Flask, Response, abort, redirect, request

from setting_up.bundle import pack, read_zip, take_in
from setting_up.context import MOST_UPLOAD, Answer, SetUp
from setting_up.errands import Failed


def add_transfer(app: Flask, up: SetUp) -> None:
    """Add the page, the download of the zip, and its upload."""

    @app.get("/chuyen")
    def transfer() -> Answer:
        return _page(up)

    @app.get("/chuyen/<file>")
    def export(file: str) -> Answer:
        if file.removesuffix(".zip") + ".toml" not in up.place.files():
            abort(404)
        answer = Response(pack(up.place, file.removesuffix(".zip") + ".toml"), content_type="application/zip")
        answer.headers.set("Content-Disposition", "attachment", filename=file)
        return answer

    @app.post("/chuyen")
    def take() -> Answer:
        given = request.files.get("tep")
        draft = up.place.draft()
        if draft and up.is_changed(draft):
            return _page(up, [up.texts("setup.zip.unfinished", name=up.name_of(draft.table))])
        try:
            take_in(read_zip(given.read(MOST_UPLOAD) if given else b"", up.texts), up.place, up.texts)
        except Failed as failed:
            return _page(up, failed.sentences)
        return redirect("/luu", 303)


def _page(up: SetUp, problems: list[str] | None = None) -> str:
    files = []
    for file in up.place.files():
        table, _ = up.place.read(file)
        files.append((file.removesuffix(".toml") + ".zip", up.name_of(table) if table else file))
    return up.page("transfer", "chuyen", files=files, problems=problems or [])
