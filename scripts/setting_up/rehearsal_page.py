"""The page of a rehearsed Monday: a button starts it, then its mails can be read and attachments opened."""

from flask import Flask, Response, abort, redirect, request

from setting_up.context import Answer, SetUp
from setting_up.errands import Errand
from setting_up.previews import STILL
from setting_up.rehearsal import RehearsedMail, folder_beside, rehearse
from setting_up.typed import value_at


def add_rehearsal(app: Flask, up: SetUp) -> None:
    """Add the page, a page for each mail, and the files of each."""
    errand: Errand[list[RehearsedMail]] = Errand()

    @app.route("/tap-duot", methods=["GET", "POST"])
    def rehearsing() -> Answer:
        draft = up.draft()
        if request.method == "POST":
            if up.is_changed(draft):
                return redirect("/luu", 303)
            ward = str(value_at(draft.table, "ward.code"))
            errand.begin(lambda: rehearse(up.place.data, up.place.boxes, ward))
            return redirect("/tap-duot", 303)
        return up.page(
            "rehearsal",
            "tap-duot",
            errand=errand,
            folder=folder_beside(up.place.data),
            is_changed=up.is_changed(draft),
            mails=errand.result or [],
        )

    @app.get("/tap-duot/<int:number>")
    def rehearsed_mail(number: int) -> Answer:
        html = _mail(errand, number).html
        return Response(
            html.encode(),
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": STILL},
        )

    @app.get("/tap-duot/<int:number>/<int:file>")
    def attachment(number: int, file: int) -> Answer:
        files = _mail(errand, number).attachments
        if file >= len(files):
            abort(404)
        name, content = files[file]
        answer = Response(content, content_type="application/octet-stream")
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        return answer


def _mail(errand: Errand[list[RehearsedMail]], number: int) -> RehearsedMail:
    mails = errand.result or []
    if number >= len(mails):
        abort(404)
    return mails[number]
