"""The page on which a draft is reviewed and saved."""

import hashlib
from dataclasses import replace

from flask import Flask, redirect, request
from homthu.adapters.box_files.samples import find_samples
from homthu.render.problems import describe
from homthu.render.texts import Texts

from setting_up.checking import Fault
from setting_up.context import Answer, SetUp
from setting_up.saving import Saving, look_at, save


def add_saving(app: Flask, up: SetUp) -> None:
    """Add the page."""

    @app.route("/luu", methods=["GET", "POST"])
    def saving() -> Answer:
        return _save(up) if request.method == "POST" else _show_saving(up)


def _show_saving(up: SetUp, saving: Saving | None = None, *, is_stale: bool = False) -> Answer:
    draft = up.draft()
    saving = saving or look_at(draft, up.place, up.texts)
    linked = [(fault, _label_of(fault, up.texts)) for fault in saving.faults]
    return up.page(
        "save",
        "luu",
        saving=saving,
        linked=linked,
        draft=draft,
        name=up.name_of(draft.table),
        is_there=bool(saving.seen),
        is_changed=up.is_changed(draft),
        is_stale=is_stale,
        seen=_digest(saving.seen),
        samples=_samples(up) if not draft.is_new else [],
        is_done=request.args.get("xong") == "1" and not draft.is_new,
    )


def _label_of(fault: Fault, texts: Texts) -> str:
    """Where a fault is, in words: page and row."""
    head, *rest = fault.field.split(".")
    key = f"setup.field.{'.'.join(part for part in (head, *rest) if not part.isdigit())}"
    row = next((f" {int(part) + 1}" for part in rest if part.isdigit()), "")
    label = texts(key) if key in texts else fault.field
    return f"{texts(f'setup.name.{fault.step}')}{row}: {label}" if fault.field else ""


def _samples(up: SetUp) -> list[str]:
    """The values that are still those of the example."""
    return [describe(replace(one, line=0), up.texts) for one in find_samples(up.place.boxes)]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _save(up: SetUp) -> Answer:
    draft = up.draft()
    saving = look_at(draft, up.place, up.texts)
    if saving.faults:
        return _show_saving(up, saving)
    if request.form.get("seen") != _digest(saving.seen):
        return _show_saving(up, saving, is_stale=True)
    save(draft, saving, up.place)
    return redirect("/luu?xong=1", 303)
