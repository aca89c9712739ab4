"""Hostile words through every sink, hostile values in every field, any bytes into every parser."""

import contextlib
import json
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from citizen_side import ANSWERS, PLACE, Site
from examples import examples
from homthu.adapters.firestore.store import FirestoreStore
from homthu.adapters.secret_file import BadSecretFile, load_secrets
from homthu.adapters.sqlite.store import SqliteStore
from homthu.config import BadSettings, read_settings
from homthu.domain.text import clean
from homthu.domain.week import NotAWeek, Week
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import WARD, a_submission, now
from security.corpus import ORDINARY, OWN, everything
from security.sinks import SINKS

ALL = everything()
OWN_FIELDS = ("place", "questionnaire", "key", "tem", "kenh", "ho_tro", "l", "c", "website", "luc", "da_xem")
FIELDS = (*ANSWERS, *OWN_FIELDS)
VARIABLES = ("STORE", "MAIL", "SECRET_DESK", "BASE_URL", "SENDER", "BOXES", "MODE")
#: Where each string costs a whole request, a part is tried each time and all of them by --all.
SHARE = pytest.mark.parametrize(
    "texts", [ALL[::9], pytest.param(ALL, marks=pytest.mark.long)], ids=["some", "all"]
)
#: Where each string makes a whole page or mail: all of ours and a part of the public ones at each change.
DEAR_SINKS = (
    *("page", "receipt"),
    *("mail text", "mail html", "mail headers", "report workbook", "report letter"),
)
MANY = settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_there_is_enough_to_choose_from() -> None:
    assert len(ALL) > 550
    assert len(OWN) > 100


@pytest.mark.parametrize("sink", [sink for sink in SINKS if sink not in DEAR_SINKS])
def test_no_words_come_alive_anywhere(sink: str) -> None:
    assert list(SINKS[sink](ALL)) == []


@pytest.mark.parametrize(
    "texts", [(*OWN, *ALL[::9]), pytest.param(ALL, marks=pytest.mark.long)], ids=["some", "all"]
)
@pytest.mark.parametrize("sink", DEAR_SINKS)
def test_no_words_come_alive_in_a_page_or_mail_of_their_own(sink: str, texts: Sequence[str]) -> None:
    assert list(SINKS[sink](texts)) == []


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_vietnamese_is_unchanged_typed_either_way(text: str) -> None:
    assert clean(text) == text
    assert clean(unicodedata.normalize("NFD", text)) == text


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("firestore", marks=pytest.mark.emulator)])
def test_both_stores_give_back_every_word(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    store: Any = (
        SqliteStore(tmp_path / "box.db", now)
        if kind == "sqlite"
        else FirestoreStore(request.getfixturevalue("firestore_project"), "(default)")
    )

    def add(number: int) -> None:
        store.add(f"{number:05d}", a_submission(text=clean(ALL[number])), "d")

    with contextlib.closing(store):
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(add, range(len(ALL))))
        assert [one.submission.text for one in store.everything(WARD)] == [clean(text) for text in ALL]


@SHARE
@pytest.mark.parametrize("field", FIELDS)
def test_no_value_of_any_field_is_a_server_error_or_reaches_a_log(
    field: str, texts: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    submit = Site().submit
    for number, text in enumerate(texts):
        form = {"place": PLACE, "questionnaire": "qcdc-v1", "key": f"{number:032x}", **ANSWERS, field: text}
        sent = {name: value.encode("utf-8", "replace") for name, value in form.items()}
        assert submit.post("/gui", data=sent).status_code < 500, text
    known = {"severity", "event", "function", "status"}
    assert all(set(json.loads(line)) == known for line in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize("header", ["User-Agent", "Referer", "Cookie", "X-Forwarded-For", "Origin"])
def test_no_header_is_a_server_error_or_changes_an_answer(header: str) -> None:
    form = Site().form
    plain = form.get(f"/g/{PLACE}")
    for text in ALL:
        value = "".join(c for c in text if 32 <= ord(c) < 127)
        answer = form.get(f"/g/{PLACE}", headers={header: value})
        assert (answer.data, dict(answer.headers)) == (plain.data, dict(plain.headers))


@SHARE
def test_no_address_is_a_server_error(texts: Sequence[str]) -> None:
    site = Site()
    for client in (site.form, site.submit):
        for text in texts:
            typed = quote(text.encode("utf-8", "replace"))
            for address in (f"/{typed}", f"/g/{typed}", f"/da-gui?p={typed}", f"/?l={typed}&c={typed}"):
                assert client.get(address).status_code < 500, text


@pytest.fixture(scope="module")
def any_site() -> Site:
    return Site()


@given(st.binary(max_size=3000))
@MANY
def test_any_bytes_for_a_form_are_no_server_error(any_site: Site, body: bytes) -> None:
    for kind in ("application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x"):
        assert 400 <= any_site.submit.post("/gui", data=body, content_type=kind).status_code < 500


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(st.characters(codec="utf-8"), max_size=300)))
@MANY
def test_any_values_in_our_fields_are_no_server_error(any_site: Site, fields: dict[str, str]) -> None:
    form = {"place": PLACE, "questionnaire": "qcdc-v1", **fields}
    assert any_site.submit.post("/gui", data=form).status_code < 500


@given(st.text(max_size=400))
@MANY
def test_any_text_for_what_we_parse_is_taken_or_refused(any_site: Site, text: str) -> None:
    assert any_site.seal.open("receipt", text, timedelta(days=1)) is None
    with contextlib.suppress(NotAWeek):
        assert str(Week.parse(text))
    assert clean(clean(text)) == clean(text)


@given(st.dictionaries(st.sampled_from(VARIABLES), st.text(max_size=60)))
@MANY
def test_any_setting_is_taken_or_named(values: dict[str, str]) -> None:
    environ = {f"HOMTHU_{name}": value.replace("\x00", "") for name, value in values.items()}
    with contextlib.suppress(BadSettings):
        read_settings(environ, frozenset())


@given(content=st.binary(max_size=300))
@MANY
def test_any_secret_file_is_taken_or_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(content)
    with contextlib.suppress(BadSecretFile):
        assert len(load_secrets(tmp_path / "secret").current) >= 32
