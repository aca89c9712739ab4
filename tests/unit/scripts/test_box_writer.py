"""What the set-up page writes: any box is read back as it was, and what an office wrote beside it stays."""

import random
import tomllib
from collections import Counter
from typing import Any

import pytest
from box_editing import SHIPPED
from examples import examples
from homthu.adapters.box_files import load_boxes
from homthu.adapters.box_files.box import read_box
from homthu.adapters.box_files.problems import Notes
from homthu.domain.boxes.box import (
    AnswerTemplate,
    BetweenRounds,
    Box,
    Clerk,
    Contact,
    LetterHead,
    Place,
    PlaceKind,
    Plan,
    Reads,
    Recipient,
    ReportStyle,
    Unit,
    Ward,
)
from homthu.domain.boxes.round import RoundRule
from hypothesis import given, settings
from hypothesis import strategies as st
from setting_up.box_table import table_of
from setting_up.toml_text import write_toml

QUESTIONNAIRES = load_boxes(SHIPPED).questionnaires
BASES = {name: (SHIPPED / name).read_text("utf-8") for name in ("ngo-quyen.toml", "bac-giang.toml")}
#: Letters that TOML, comments and headers are made of among those that names are.
WORDS = st.text(
    st.sampled_from("aăâbđêôơưỹĐ 0123456789\"'\\#[]{}=,.…«»/()-&\t"), min_size=1, max_size=18
).map(lambda text: " ".join(f"x{text}".split()))
NAMES = st.text(st.sampled_from("aăâêôĐ 09.,/()-&'"), max_size=12).map(
    lambda text: " ".join(f"x{text}".split())
)
PHONES = st.sampled_from(["0204 385 0001", "+84 204 385 0001", "1900 1234", "115"])


def lists(of: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, min_size=least, max_size=5).map(tuple)


@st.composite
def places(draw: st.DrawFn, former: tuple[str, ...]) -> tuple[Place, ...]:
    codes = draw(
        st.lists(
            st.from_regex(r"[a-z0-9][a-z0-9-]{1,9}", fullmatch=True), min_size=1, max_size=6, unique=True
        )
    )
    return tuple(
        Place(
            code=code,
            name=f"{draw(WORDS)} {number}",
            kind=draw(st.sampled_from(PlaceKind)),
            former_ward=draw(st.sampled_from(["", *former])),
        )
        for number, code in enumerate(codes)
    )


@st.composite
def rounds(draw: st.DrawFn) -> tuple[RoundRule, ...]:
    year = draw(st.sampled_from([0, 2027]))
    months = draw(st.lists(st.integers(1, 12), unique=True, max_size=4))
    return tuple(
        RoundRule(code=f"d-{month}", name=draw(WORDS), opens=(year, month, 1), closes=(year, month, 20))
        for month in months
    )


@st.composite
def recipients(draw: st.DrawFn) -> tuple[Recipient, ...]:
    some = [draw(st.frozensets(st.sampled_from(Reads), min_size=1)) for _ in range(draw(st.integers(0, 3)))]
    reads = draw(st.permutations([frozenset(Reads), *some]))
    return tuple(
        Recipient(name=draw(NAMES), email=f"p{number}@phuong.example", reads=each)
        for number, each in enumerate(reads)
    )


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    former = draw(lists(WORDS))
    of_rounds = draw(rounds())
    return Box(
        ward=Ward(
            code=draw(st.from_regex(r"[0-9]{5}", fullmatch=True)),
            kind=draw(st.sampled_from(["phường", "xã", "đặc khu"])),
            name=draw(WORDS),
            province=draw(WORDS),
            authority=draw(WORDS),
            former_names=former,
            emblem=draw(st.sampled_from(["", "huy-hieu.svg"])),
        ),
        contact=Contact(reception=draw(WORDS), reception_hours=draw(WORDS), phone=draw(PHONES)),
        plan=Plan(number=draw(WORDS), dated=draw(WORDS), issuer=draw(WORDS), basis=draw(lists(WORDS))),
        places=draw(places(former)),
        rounds=of_rounds,
        between_rounds=draw(st.sampled_from(BetweenRounds)) if of_rounds else BetweenRounds.ACCEPT,
        closing_hours=draw(st.integers(0, 168)),
        questionnaire=QUESTIONNAIRES[draw(st.sampled_from(sorted(QUESTIONNAIRES)))],
        report=ReportStyle(
            head=draw(st.sampled_from(LetterHead)),
            superior=draw(st.sampled_from(["", "Cấp trên"])),
            issuer=draw(WORDS),
            symbol=draw(st.sampled_from(["BC/ĐTN", "BC-UBND"])),
            place_name=draw(WORDS),
            committee=draw(WORDS),
            signer_authority=draw(WORDS),
            signer_title=draw(WORDS),
            copies_to=draw(lists(WORDS)),
        ),
        recipients=draw(recipients()),
        units=tuple(
            Unit(name=f"x{number}", email=f"u{number}@phuong.example")
            for number in range(draw(st.integers(0, 3)))
        ),
        clerks=tuple(
            Clerk(name=f"x{number}", email=f"c{number}@phuong.example")
            for number in range(draw(st.integers(0, 2)))
        ),
        target="chung",
        answers=tuple(
            AnswerTemplate(name=f"Mẫu {number}", text=draw(WORDS))
            for number in range(draw(st.integers(0, 2)))
        ),
        operator=Recipient(name=draw(NAMES), email="van-hanh@phuong.example"),
        results=draw(st.sampled_from(["", "https://phuong.example/kq"])),
    )


def read(text: str) -> Box:
    notes = Notes("phuong.toml", text)
    box = read_box(tomllib.loads(text), notes, QUESTIONNAIRES)
    assert notes.problems == []
    return box


def comments(text: str) -> Counter[str]:
    return Counter(line.strip() for line in text.splitlines() if line.strip().startswith("#"))


@given(st.sampled_from(sorted(BASES)), st.lists(boxes(), min_size=1, max_size=3))
@settings(max_examples=examples(60))
def test_any_box_is_read_back_as_it_was_written_and_every_comment_stays(
    base: str, several: list[Box]
) -> None:
    text = BASES[base]
    for box in several:
        text = write_toml(table_of(box), text)
        assert read(text) == box
        assert comments(BASES[base]) - comments(text) == Counter()


@pytest.mark.parametrize("path", [*SHIPPED.glob("*.toml"), *SHIPPED.glob("questionnaires/*.toml")])
def test_what_is_not_changed_stays_byte_for_byte(path: Any) -> None:
    text = path.read_text("utf-8")
    assert write_toml(tomllib.loads(text), text) == text


def test_a_change_changes_its_own_line_and_no_other() -> None:
    text = BASES["ngo-quyen.toml"].replace(
        'code = "nq-nvh2"\n', '# chìa khóa: bác Tư\ncode = "nq-nvh2" # cạnh đình\n'
    )
    values = tomllib.loads(text)
    values["places"][2]["name"] = "Nhà văn hóa số 2"
    before, after = text.splitlines(), write_toml(values, text).splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [('name = "Nhà văn hóa tổ dân phố số 2"', 'name = "Nhà văn hóa số 2"')]


def test_a_place_keeps_its_comment_when_places_change_their_order() -> None:
    text = BASES["ngo-quyen.toml"].replace('code = "nq-nvh2"\n', '# chìa khóa: bác Tư\ncode = "nq-nvh2"\n')
    values = tomllib.loads(text)
    random.Random(1).shuffle(values["places"])
    assert '[[places]]\n# chìa khóa: bác Tư\ncode = "nq-nvh2"\n' in write_toml(values, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# một lời chú\n",
        "không phải = = toml",
        'ward = { code = "1" }\nplaces = [{ code = "a" }]\nresults = ""\n',
    ],
)
def test_whatever_the_file_was_the_values_are_what_is_read(text: str) -> None:
    values = tomllib.loads(BASES["bac-giang.toml"])
    assert tomllib.loads(write_toml(values, text)) == values
