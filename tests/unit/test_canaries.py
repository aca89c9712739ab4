"""The search for canaries finds one wherever it is put."""

import contextlib
import io
import json
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
from canaries import HEADERS, Overheard, Watch, overhearing
from citizen_side import KEY, Site
from homthu.log import log
from served_box import served, whole_form

TEXT = "Câu chỉ để ban chỉ đạo đọc"
REFERENCE = "AB12-CD34-EF56"


@pytest.fixture
def watch() -> Watch:
    watch = Watch()
    watch.handed_in({"key": KEY, "gop_y": TEXT})
    watch.shown(REFERENCE)
    return watch


@pytest.mark.parametrize("value", HEADERS.values(), ids=HEADERS)
def test_a_header_is_found_even_where_texts_may_be(watch: Watch, value: str) -> None:
    assert watch.found_in(f"x {value} y".encode(), may_hold_texts=True)


@pytest.mark.parametrize(
    "said", [TEXT, json.dumps({"text": TEXT}), urlencode({"gop_y": TEXT}), f"a\n{TEXT}"], ids=len
)
def test_a_text_is_found_however_it_is_written(watch: Watch, said: str) -> None:
    assert watch.found_in(said.encode()) == [TEXT]
    assert watch.found_in(said.encode(), may_hold_texts=True) == []


@pytest.mark.parametrize("secret", [KEY, REFERENCE])
def test_a_key_or_reference_is_found_even_within_other_words(watch: Watch, secret: str) -> None:
    assert watch.found_in(f"ab{secret}cd {secret}.".encode(), may_hold_texts=True) == [secret]


@pytest.mark.parametrize(
    "name",
    [
        "log.txt",
        "tmp/upload",
        f"outbox/{KEY}.eml",
        "hom-thu.db",
        "hom-thu.db-wal",
        "outbox/1.eml",
        "outbox/1.html",
        "1.html",
    ],
)
def test_a_file_of_the_box_is_searched_by_name_and_content(watch: Watch, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(KEY)
    assert watch.found_in_folder(tmp_path) == {name: [KEY, KEY] if KEY in name else [KEY]}
    path.write_text(TEXT)
    may_hold = name.startswith(("hom-thu.db", "outbox"))
    found = [KEY] if KEY in name else []
    assert watch.found_in_folder(tmp_path).get(name, []) == found + ([] if may_hold else [TEXT])


def test_a_leaking_log_turns_a_test_red() -> None:
    site = Site()
    site.send(gop_y=TEXT)
    for leak in (HEADERS["User-Agent"], KEY, TEXT, "203.0.113.79"):
        with (
            contextlib.redirect_stdout(io.StringIO()),
            pytest.raises(AssertionError, match="leak"),
            overhearing(),
        ):
            log("leak", words=leak)


def test_every_test_is_overheard() -> None:
    assert isinstance(sys.stdout, Overheard)
    assert isinstance(sys.stderr, Overheard)


@pytest.mark.parametrize("leak", ["log", "folder"])
def test_a_served_box_that_leaks_turns_a_test_red(tmp_path: Path, leak: str) -> None:
    serving = served(tmp_path)
    box = serving.__enter__()
    box.reference(box.send(whole_form("ab" * 16, gop_y=TEXT)))
    place = box.log if leak == "log" else box.data / "cache"
    with place.open("a", encoding="utf-8") as file:
        file.write(f"{TEXT}\n")
    with pytest.raises(AssertionError, match=TEXT):
        serving.__exit__(None, None, None)
