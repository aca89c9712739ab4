"""The page on which a ward's posters are made and opened."""

from dataclasses import dataclass

from flask import Flask, Response, abort, redirect, request
from homthu.adapters.box_files import BoxProblems, load_boxes
from homthu.domain.boxes.box import Box
from homthu.render.problems import describe
from posters.address import BadBaseUrl, read_base_url
from posters.emblem import BadEmblem, read_emblem
from posters.press import Order, Refused, produce
from posters.printed import note_print
from posters.words import load_words

from setting_up.context import Answer, SetUp
from setting_up.errands import Errand, Failed
from setting_up.print_folder import files_of, lay_files
from setting_up.typed import value_at

FOLDER = "ap-phich"
_KINDS = {".pdf": "application/pdf", ".png": "image/png"}
#: A browser's own PDF viewer needs what the policy for our pages forbids.
_OPEN_POLICY = "frame-ancestors 'none'"


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """What was printed: the files by their paths in the folder, and whether they are only for trial."""

    files: tuple[str, ...]
    is_trial: bool


def add_printing(app: Flask, up: SetUp) -> None:
    """Add the page, and the files that it links to."""
    errand: Errand[Printed] = Errand()

    @app.route("/in", methods=["GET", "POST"])
    def printing() -> Answer:
        draft = up.draft()
        code = str(value_at(draft.table, "ward.code"))
        if request.method == "POST":
            address, edition = request.form.get("dia-chi", "").strip(), request.form.get("lan", "1")
            if up.is_changed(draft):
                return redirect("/luu", 303)
            errand.begin(lambda: make_posters(up, code, address, int(edition) if edition.isdecimal() else 1))
            return redirect("/in", 303)
        return up.page(
            "print",
            "in",
            errand=errand,
            folder=up.place.data / FOLDER,
            is_changed=up.is_changed(draft),
            files=files_of(up.place.data / FOLDER),
        )

    @app.get("/tep/<path:name>")
    def printed(name: str) -> Answer:
        folder = (up.place.data / FOLDER).resolve()
        if "\0" in name:
            abort(404)
        path = (folder / name).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            abort(404)
        answer = Response(path.read_bytes(), content_type=_KINDS.get(path.suffix, "application/octet-stream"))
        how = "inline" if path.suffix in _KINDS else "attachment"
        answer.headers.set("Content-Disposition", how, filename=path.name)
        answer.headers["Content-Security-Policy"] = _OPEN_POLICY
        return answer


def make_posters(up: SetUp, ward: str, address: str, edition: int) -> Printed:
    """Print everything for a ward, in place of what was printed before. Raise `Failed`.

    What citizens will scan is recorded: from then on the places' codes and the questions' words are fixed.
    """
    texts = load_words()
    box = saved_box(up, ward)
    try:
        base_url = read_base_url(address)
    except BadBaseUrl as bad:
        reason = texts(bad.code, **bad.data)
        raise Failed([texts("print.refused.base_url", value=address, reason=reason)]) from bad
    try:
        emblem = read_emblem(up.place.boxes, box.ward.emblem)
        order = Order(box=box, base_url=base_url, edition=edition, now=up.clock(), texts=texts, emblem=emblem)
        products = produce(order)
    except BadEmblem as bad:
        raise Failed([texts("print.refused.emblem", file=bad.path.name)]) from bad
    except Refused as refused:
        raise Failed(refused.problems) from refused
    # Before anything can be put up: what could not be recorded must not hang anywhere.
    is_trial = not note_print(up.place.boxes, box, base_url, up.clock())
    lay_files({product.path: product.content for product in products}, up.place.data / FOLDER)
    return Printed(files=tuple(product.path for product in products), is_trial=is_trial)


def saved_box(up: SetUp, ward: str) -> Box:
    """The box of a ward as it was saved. Raise `Failed`."""
    try:
        return load_boxes(up.place.boxes).by_ward[ward]
    except BoxProblems as found:
        raise Failed([describe(problem, up.texts) for problem in found.problems]) from found
    except KeyError:
        raise Failed([up.texts("setup.print.not_saved")]) from None
