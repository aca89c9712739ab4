"""The page on which an office configures its mail, tests it, and sends itself a mail."""

from flask import Flask, redirect, request

from setting_up.context import Answer, SetUp
from setting_up.errands import Failed
from setting_up.mail_way import (
    OUTBOX,
    MailWay,
    keep_way,
    not_ours,
    read_way,
    send_one,
    settings_of,
    try_way,
    typed_way,
)
from setting_up.typed import value_at


def add_mail(app: Flask, up: SetUp) -> None:
    """The page. The test uses what was typed, whether it is saved or not."""

    @app.route("/thu-dien-tu", methods=["GET", "POST"])
    def mail() -> Answer:
        kept = read_way(up.place.data)
        if request.method != "POST":
            problems = not_ours(up.place.data, up.texts)
            return _page(up, kept, problems=problems, done=request.args.get("xong", ""))
        way, to = typed_way(request.form, kept), request.form.get("to", "").strip()
        wish = request.form.get("lam", "")
        if wish == "thu":
            problems = send_one(way, up.place.data, to, up.texts, up.clock)
            return _page(up, way, to=to, problems=problems, done="" if problems else f"sent_{way.way}")
        if wish == "kiem":
            problems = try_way(way, up.place.data, to, up.texts)
            return _page(up, way, to=to, problems=problems, done="" if problems else "tried")
        _, problems = settings_of(way, up.place.data, up.texts)
        if problems:
            return _page(up, way, to=to, problems=problems)
        try:
            keep_way(way, up.place.data, up.texts)
        except Failed as failed:
            return _page(up, way, to=to, problems=failed.sentences)
        return redirect("/thu-dien-tu?xong=kept", 303)


def _page(up: SetUp, way: MailWay, *, to: str = "", problems: list[str] | None = None, done: str = "") -> str:
    draft = up.place.draft()
    own = value_at(draft.table, "operator.email") if draft else ""
    return up.page(
        "mail",
        "thu-dien-tu",
        way=way,
        to=to or str(own or ""),
        problems=problems or [],
        done=done if done in ("kept", "tried", "sent_outbox", "sent_smtp") else "",
        outbox=up.place.data / OUTBOX,
        has_password=bool(way.password),
    )
