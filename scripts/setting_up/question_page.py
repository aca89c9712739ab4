"""The page on which a ward's questions are chosen, copied, reworded and reordered."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Flask, abort, jsonify, redirect, request

from setting_up.checking import question_faults
from setting_up.context import Answer, SetUp
from setting_up.questions import next_version, take_questions
from setting_up.site import LIVE
from setting_up.steps import Preview
from setting_up.workplace import Asked, Draft


def add_questions(app: Flask, up: SetUp) -> None:
    """Add the page."""

    @app.route("/cau-hoi", methods=["GET", "POST"])
    def questions() -> Answer:
        if request.method != "POST":
            return _show(up)
        wish, version = request.form.get("lam", ""), request.form.get("bo", "")
        if wish in ("dung", "chep"):
            if version not in up.place.questionnaires():
                abort(404)
            return _use(up, version) if wish == "dung" else _copy(up, version)
        return _drop(up) if wish == "huy" else _take(up)


def _show(up: SetUp) -> Answer:
    draft = up.draft()
    faults = question_faults(draft, up.texts)
    known = up.place.questionnaires()
    return up.page(
        "questions",
        "cau-hoi",
        asked=draft.asked,
        questions=_views(draft.asked.table) if draft.asked else [],
        wrong=[fault.sentence for fault in faults],
        versions=[
            {
                "version": version,
                "count": len(one.questions),
                "is_used": version == draft.table.get("questionnaire"),
                "is_recorded": up.place.is_recorded(version),
            }
            for version, one in known.items()
        ],
        preview=Preview.FORM,
    )


def _views(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The questions with every value that the page shows; a missing one is empty."""
    return [
        {
            "id": str(one.get("id", "")),
            "kind": str(one.get("kind", "")),
            "required": one.get("required") is True,
            "text": one.get("text") if isinstance(one.get("text"), Mapping) else {},
            "short": one.get("short") if isinstance(one.get("short"), Mapping) else {},
            "options": [option for option in one.get("options", ()) if isinstance(option, Mapping)],
        }
        for one in table.get("questions", ())
        if isinstance(one, Mapping)
    ]


def _use(up: SetUp, version: str) -> Answer:
    draft = up.draft()
    up.place.keep_draft(replace(draft, table={**draft.table, "questionnaire": version}, asked=None))
    return redirect("/cau-hoi", 303)


def _copy(up: SetUp, version: str) -> Answer:
    """Start editing a version, or a copy of it if forms may already hold answers to it."""
    draft = up.draft()
    table = tomllib.loads(up.place.questionnaire_text(version))
    name = version
    if up.place.is_recorded(version) or not (up.place.boxes / "questionnaires" / f"{version}.toml").exists():
        stem = draft.file.removesuffix(".toml")
        name = next_version(stem, up.place.questionnaires())
    asked = Asked(version=name, source=version, table=table)
    up.place.keep_draft(replace(draft, table={**draft.table, "questionnaire": name}, asked=asked))
    return redirect("/cau-hoi", 303)


def _drop(up: SetUp) -> Answer:
    draft = up.draft()
    if draft.asked:
        up.place.keep_draft(
            replace(draft, table={**draft.table, "questionnaire": draft.asked.source}, asked=None)
        )
    return redirect("/cau-hoi", 303)


def _take(up: SetUp) -> Answer:
    draft = up.draft()
    if draft.asked is None:
        return redirect("/cau-hoi", 303)
    draft = _with(draft, draft.asked)
    up.place.keep_draft(draft)
    if LIVE in request.headers:
        return jsonify({"faults": {"q": [fault.sentence for fault in question_faults(draft, up.texts)]}})
    later = request.form.get("lam") == "luu" and not question_faults(draft, up.texts)
    return redirect("/luu" if later else "/cau-hoi", 303)


def _with(draft: Draft, asked: Asked) -> Draft:
    return replace(draft, asked=replace(asked, table=take_questions(request.form, asked.table)))
