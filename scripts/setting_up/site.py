"""The set-up pages: choose or open a ward, go through its steps, and save the file."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Flask, Response, abort, jsonify, redirect, request
from homthu.domain.week import local_date
from homthu.render.problems import describe
from posters.printed import forget_code, printed_codes

from setting_up.context import Answer, SetUp
from setting_up.new_ward import file_name, new_table, with_ward
from setting_up.steps import BY_NAME, STEPS, Preview, Step
from setting_up.typed import row_numbers, take, value_at
from setting_up.wards import all_wards, find_wards
from setting_up.workplace import Draft, questionnaire_of

#: What a page may load: our own styles, scripts and frames, and nothing from elsewhere.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; frame-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LIVE = "X-Live"


def add_pages(app: Flask, up: SetUp) -> None:
    """Add the pages of the steps."""

    @app.get("/")
    def home() -> Answer:
        return _home(up)

    @app.post("/chon")
    def choose() -> Answer:
        return _choose(up)

    @app.post("/mo")
    def open_file() -> Answer:
        return _open(up)

    @app.post("/bo")
    def drop() -> Answer:
        up.place.drop_draft()
        return redirect("/", 303)

    @app.route("/<name>", methods=["GET", "POST"])
    def step(name: str) -> Answer:
        if name not in BY_NAME:
            abort(404)
        return _take(up, BY_NAME[name]) if request.method == "POST" else _show(up, BY_NAME[name])

    @app.get("/xem/<which>")
    def preview(which: str) -> Answer:
        return _preview(up, which)


def finish(answer: Response) -> Response:
    """Set the headers of every answer; a preview already has a policy of its own."""
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    return answer


def _home(up: SetUp) -> Answer:
    asked = request.args.get("tim", "")[:100]
    draft = up.place.draft()
    files = []
    for file in (*up.place.files(), *up.place.elsewhere()):
        table, problems = up.place.read(file)
        why = "; ".join(describe(problem, up.texts) for problem in problems)
        files.append({"file": file, "name": up.name_of(table) if table else "", "why": why})
    return up.page(
        "home",
        asked=asked,
        found=find_wards(asked),
        files=files,
        draft_name=(up.name_of(draft.table) or draft.file) if draft else "",
        draft_ward=value_at(draft.table, "ward.code") if draft else "",
        is_changed=draft is not None and up.is_changed(draft),
        is_new=draft is not None and draft.is_new,
    )


def _choose(up: SetUp) -> Answer:
    """Start with a ward of the list, or with none; values typed for a file that was never saved are kept."""
    ward = all_wards().get(request.form.get("ma", ""))
    draft = up.place.draft()
    if draft and draft.is_new and ward:
        table = with_ward(draft.table, ward)
    elif draft and up.is_changed(draft):
        return redirect("/", 303)
    else:
        table = new_table(up.place.shipped, ward)
    name = file_name(
        str(value_at(table, "ward.name") or ""), str(value_at(table, "ward.code")), up.place.files()
    )
    up.place.keep_draft(Draft(file=name, table=table, kept=draft.kept if draft and draft.is_new else ()))
    return redirect(STEPS[0].address, 303)


def _open(up: SetUp) -> Answer:
    """Continue with a saved file, unless another draft has unsaved changes."""
    file = request.form.get("tep", "")
    draft = up.place.draft()
    if draft and up.is_changed(draft):
        return redirect("/", 303)
    is_saved = file in up.place.files()
    if not is_saved and file not in up.place.elsewhere():
        return redirect("/", 303)
    table, _ = up.place.read(file)
    if table is None:
        return redirect("/", 303)
    base = "" if is_saved else (up.place.shipped / file).read_text("utf-8-sig").replace("\r\n", "\n")
    kept = tuple(BY_NAME)
    up.place.keep_draft(Draft(file=file, table=table, is_new=not is_saved, kept=kept, base=base))
    return redirect(STEPS[0].address, 303)


def _show(up: SetUp, step: Step) -> Answer:
    draft = up.draft()
    faults = up.faults(draft)
    told = faults if step.name in draft.kept else []
    number = STEPS.index(step)
    later = STEPS[number + 1].address if number + 1 < len(STEPS) else "/cau-hoi"
    year, wants_more = local_date(up.clock()).year, request.args.get("them") == "1"
    rows = step.rows and up.pages.rows(
        step, draft.table, told, printed_codes(up.place.boxes), year, wants_more=wants_more
    )
    return up.pages.page(
        "step",
        step.name,
        faults,
        has_draft=True,
        step=step,
        number=number + 1,
        count=len(STEPS),
        earlier=STEPS[number - 1].address if number else "",
        later=later,
        fields=up.pages.fields(step.fields, draft.table, told, up.place.targets()),
        after=up.pages.fields(step.after, draft.table, told),
        rows=rows or (),
        columns=up.pages.columns(step),
        row_faults=[fault.sentence for fault in told if fault.field == step.rows and step.rows],
        kinds=up.pages.kinds,
        reads=up.pages.reads,
        former_names=[str(one) for one in value_at(draft.table, "ward.former_names") or ()],
        remaining=sum(fault.step == step.name for fault in faults),
        is_kept=step.name in draft.kept,
        emblem=value_at(draft.table, "ward.emblem") or "",
        emblem_fault=request.args.get("hinh", "") if step.name == "phuong" else "",
        frames=[(one, up.texts(f"setup.preview.{one}"), f"/xem/{one}") for one in step.previews],
        recipients=[
            str(row.get("name", "")) for row in draft.table.get("recipients", ()) if isinstance(row, Mapping)
        ],
    )


def _take(up: SetUp, step: Step) -> Answer:
    """Store what was typed, whatever it is; faults are shown beside it."""
    draft = up.draft()
    is_live = LIVE in request.headers
    for code in request.form.getlist("da-go"):
        if not is_live:
            forget_code(up.place.boxes, code)
    table = take(step, request.form, draft.table)
    kept = draft.kept if is_live else tuple(dict.fromkeys([*draft.kept, step.name]))
    file = draft.file
    if draft.is_new:
        name, ward = str(value_at(table, "ward.name") or ""), str(value_at(table, "ward.code") or "")
        file = file_name(name, ward, up.place.files())
    draft = replace(draft, table=table, kept=kept, file=file)
    up.place.keep_draft(draft)
    if is_live:
        return _as_json(up, step, draft)
    go = request.form.get("lam", "")
    own = [fault for fault in up.faults(draft) if fault.step == step.name]
    if go == "them":
        return redirect(f"{step.address}?them=1#dong", 303)
    later = go.removeprefix("/") in BY_NAME or go == "/cau-hoi"
    return redirect(go if later and not own else step.address, 303)


def _as_json(up: SetUp, step: Step, draft: Draft) -> Response:
    """The faults on this page, by the names of its fields."""
    numbers = row_numbers(step.rows, request.form) if step.rows else []
    told: dict[str, list[str]] = {}
    for fault in up.faults(draft):
        if fault.step != step.name:
            continue
        head, *rest = fault.field.split(".")
        if head == step.rows and rest and int(rest[0]) < len(numbers):
            rest[0] = str(numbers[int(rest[0])])
        told.setdefault(".".join([head, *rest]), []).append(fault.sentence)
    return jsonify({"faults": told})


def _preview(up: SetUp, which: str) -> Answer:
    draft = up.draft()
    if which not in list(Preview):
        abort(404)
    at = request.args.get("so", "0")
    number = int(at) if at.isdecimal() and len(at) < 4 else 0
    table, asked = draft.table, up.place.questionnaires()
    if draft.asked:
        written, problems = questionnaire_of(draft.asked.version, draft.asked.table)
        # A value that cannot be asked for yet is shown unchanged.
        table = {**table, "questionnaire": draft.asked.source} if problems else table
        asked = asked if problems else {**asked, draft.asked.version: written}
    shown = up.previews.show(Preview(which), table, asked, at=number)
    return Response(shown.content, content_type=shown.kind, headers={"Content-Security-Policy": shown.policy})
