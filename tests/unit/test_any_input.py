"""Whatever is put before a parser, it is taken or refused, never a crash.

That is every parser there is, with `security/test_hostile_input.py` (form fields, settings, secret files,
sealed tokens, weeks), `test_action_form.py`, `test_weekly_report.py` (tallies) and `test_text.py`.
"""

import contextlib
import json
import shutil
import tomllib
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
import tomli_w
from box_editing import SHIPPED, problems_of
from citizen_side import BOXES, PLACE
from deploying.deployment import read_deployment
from desk_side import DeskSite
from examples import examples
from flask import Request
from homthu.adapters.box_files.lines import Lines
from homthu.adapters.web_files import LANGUAGES
from homthu.domain.backup import Entry, Kind, NotABackup, entry_line, entry_of, read_line, version_of
from homthu.domain.reports.edition import Edition, EditionKind, NotAnEdition
from homthu.domain.submissions.reference import format_reference, parse_reference
from homthu.http.desk_fields import FIELDS
from homthu.http.options import options_from_query
from homthu.http.request import FORM_TYPE, RequestRefused, read_form
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from local.schedule import Job
from werkzeug.test import EnvironBuilder

ROOT = Path(__file__).parents[2]
ANY = st.text(st.characters(codec="utf-8"), max_size=200)
MANY = settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
#: Each reads files, so that a run of many takes long.
SOME = settings(MANY, max_examples=examples(40))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
TOML = st.recursive(
    st.text(max_size=20)
    | st.integers(-(2**60), 2**60)
    | st.booleans()
    | st.dates(date(1900, 1, 1))
    | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
#: Deeper than Python recurses.
DEEP = 3_000


#: Of what a form's body is made, whole and torn: escapes, half escapes, and what Python would escape itself.
PIECES = (
    *("a", "4", "+", "=", "&", "%", "%zz", "%5C", "%00", "%E1%BB%99", "%c3", "%F0%9F%99%82", "%26", "%3D"),
    *("\\", "\\x41", "\\u1ed9", "\\N{DIGIT ONE}", "\n", "ộ"),
)


@pytest.fixture(scope="module")
def desk() -> DeskSite:
    return DeskSite()


@given(st.dictionaries(st.sampled_from(["l", "c", "k", "m", "x"]), ANY))
@MANY
def test_any_query_makes_options_whose_own_query_means_the_same(query: dict[str, str]) -> None:
    options = options_from_query(query, LANGUAGES)
    again = dict(pair.split("=") for pair in options.query.removeprefix("?").split("&") if pair)
    assert options_from_query(again, LANGUAGES) == options


@given(ANY)
@MANY
def test_any_text_is_a_reference_as_it_is_shown_or_none(text: str) -> None:
    reference = parse_reference(text)
    assert reference is None or parse_reference(format_reference(reference)) == reference


@given(ANY, st.sampled_from(["/tra-cuu", "/ket-qua"]))
@MANY
def test_any_text_to_look_up_is_no_server_error(desk: DeskSite, text: str, path: str) -> None:
    assert desk.board.post(path, data={"ma": text}).status_code < 500


@given(
    st.sampled_from(["", *FIELDS]),
    st.dictionaries(
        st.sampled_from(sorted({"phuong", "thu", *chain.from_iterable(FIELDS.values())} - {"ma"})),
        ANY,
    ),
    st.booleans(),
)
@MANY
def test_any_fields_at_the_desk_are_no_server_error(
    desk: DeskSite, form: str, fields: dict[str, str], has_pass: bool
) -> None:
    data = {**fields, **({"ma": desk.pass_of()} if has_pass and form else {})}
    assert desk.desk.post(f"/xu-ly/{form}".rstrip("/"), data=data).status_code < 500


@given(ANY)
@MANY
def test_any_text_is_an_edition_that_is_written_so_or_refused(text: str) -> None:
    with contextlib.suppress(NotAnEdition):
        assert Edition.parse(str(Edition.parse(text))) == Edition.parse(text)


@given(st.builds(Edition, st.sampled_from(EditionKind), st.text(max_size=20)))
def test_an_edition_is_read_back(edition: Edition) -> None:
    assert Edition.parse(str(edition)) == edition


@given(ANY | JSON.map(json.dumps))
@example("[" * DEEP)
@example("1" * 5000)
@MANY
def test_any_line_of_a_backup_is_an_entry_or_refused(line: str) -> None:
    with contextlib.suppress(NotABackup):
        version_of(line)
    with contextlib.suppress(NotABackup):
        assert entry_of(read_line(line)).kind in Kind


@given(
    st.builds(
        Entry,
        kind=st.sampled_from(Kind),
        id=st.text(st.characters(codec="utf-8")),
        record=st.dictionaries(
            st.text(max_size=8),
            st.text(max_size=20)
            | st.integers()
            | st.binary(max_size=50)
            | st.datetimes(timezones=st.just(UTC))
            | st.lists(st.text(max_size=5), max_size=3),
            max_size=4,
        ),
    )
)
@MANY
def test_an_entry_of_a_backup_is_read_back(entry: Entry) -> None:
    assert entry_of(read_line(entry_line(entry))) == entry


@given(content=st.binary(max_size=300) | TOML.map(lambda value: tomli_w.dumps({"mail": value}).encode()))
@example(content=b"a = " + b"[" * DEEP)
@MANY
def test_any_deployment_file_is_taken_or_its_faults_are_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "infra").mkdir(exist_ok=True)
    shutil.copy(ROOT / "infra" / "variables.tf", tmp_path / "infra")
    (tmp_path / "some.toml").write_bytes(content)
    deployment = read_deployment(tmp_path, Path("some.toml"))
    assert deployment.problems, "no file of these is whole"
    assert isinstance(deployment.sends_by_smtp, bool)


@given(st.dictionaries(st.text(max_size=8), TOML, max_size=4))
@MANY
def test_every_key_of_any_toml_has_a_line(table: dict[str, Any]) -> None:
    source = tomli_w.dumps(table)
    assert Lines(source).paths == _paths(tomllib.loads(source))


def _paths(value: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {path} - {()} | {found for key, item in items for found in _paths(item, (*path, key))}


@pytest.fixture(scope="module")
def boxes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one box whose file a test writes."""
    folder = tmp_path_factory.mktemp("any") / "boxes"
    shutil.copytree(BOXES, folder)
    for path in folder.glob("*.toml"):
        path.unlink()
    return folder


@given(st.binary(max_size=300) | TOML.map(lambda value: tomli_w.dumps({"ward": value}).encode()))
@example(b"a = " + b"[" * DEEP)
@SOME
def test_any_bytes_for_a_box_are_taken_or_their_faults_are_told(boxes: Path, content: bytes) -> None:
    (boxes / "any.toml").write_bytes(content)
    assert problems_of(boxes), "none of these is a box"


@given(st.data())
@SOME
def test_a_box_with_any_line_changed_is_taken_or_its_faults_are_told(
    boxes: Path, data: st.DataObject
) -> None:
    lines = (SHIPPED / "ngo-quyen.toml").read_text("utf-8").splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    key = lines[at].partition("=")[0]
    lines[at] = data.draw(
        st.sampled_from(lines) | ANY | TOML.map(lambda value: f"{key}= {tomli_w.dumps({'v': [value]})[4:]}")
    )
    text = "\n".join(lines)
    (boxes / "any.toml").write_text(text, "utf-8")
    assert all(problem.line <= text.count("\n") + 1 for problem in problems_of(boxes))


@given(
    st.integers(0, 59),
    st.integers(0, 23),
    st.integers(0, 6),
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),
)
@SOME
def test_a_weekly_job_was_last_due_within_the_week(minute: int, hour: int, day: int, at: datetime) -> None:
    now = at.replace(tzinfo=UTC)
    due = Job(name="any", function="report", path="/", cron=f"{minute} {hour} * * {day}").last_due(now)
    assert timedelta(0) <= now - due < timedelta(days=7)
    assert (due.minute, due.hour, due.isoweekday() % 7) == (minute, hour, day)


@given(ANY)
@SOME
def test_any_place_in_an_address_is_a_page_or_none(desk: DeskSite, text: str) -> None:
    assert desk.form.get(f"/g/{PLACE}{quote(text)}", query_string={"l": text}).status_code < 500


@MANY
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("gop_y=%E1%BB%99 \\x41 %zz+%")
def test_a_body_is_read_as_the_library_reads_it(body: str) -> None:
    environ = EnvironBuilder(method="POST", data=body.encode(), content_type=FORM_TYPE).get_environ()
    pairs = parse_qsl(body, keep_blank_values=True)
    if len(dict(pairs)) == len(pairs):
        assert read_form(Request(environ)) == dict(pairs)
    else:
        with pytest.raises(RequestRefused):
            read_form(Request(environ))
