import re

import pytest
from homthu.domain.submissions.reference import (
    derive_key,
    format_reference,
    id_of,
    is_key,
    make_key,
    parse_reference,
    reference_of,
)
from hypothesis import given
from hypothesis import strategies as st

KEYS = st.binary(min_size=16, max_size=16).map(make_key)


@given(KEYS)
def test_a_reference_is_the_same_whenever_it_is_derived_and_reads_back(key: str) -> None:
    reference = reference_of(key)
    shown = format_reference(reference)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", shown)
    assert reference_of(key) == reference
    assert parse_reference(shown.lower().replace("-", " ")) == reference


def test_a_reference_copied_with_lookalikes_is_read_right() -> None:
    assert parse_reference("O1IL-ABCD-EFGH") == "0111ABCDEFGH"


@pytest.mark.parametrize(
    "text",
    [
        "b038 xsxj cy37.",
        "B038-XSXJ-CY37,",
        "«B038-XSXJ-CY37»",
        "(B038-XSXJ-CY37)",
        "B038\u2013XSXJ\u2013CY37",
        "B038 \u2014 XSXJ \u2014 CY37",
        "B038\u2011XSXJ\u2011CY37",
        "B038.XSXJ.CY37",
        "B038_XSXJ_CY37",
        "B038\u00a0XSXJ\u00a0CY37\n",
        "*B038* XSXJ/CY37",
        "B038\u200bXSXJ\u00adCY37",
    ],
)
def test_a_reference_copied_with_the_signs_around_it_is_read(text: str) -> None:
    assert parse_reference(text) == "B038XSXJCY37"


@pytest.mark.parametrize(
    "text",
    [
        *("", "...", "ABCD-EFGH", "ABCD-EFGH-JKMN-P", "ABCD-EFGH-JKMU", "ABCD-EFGH-JK*M"),
        *("ABCD-EFGH-JKMÁ", "mã ABCD-EFGH-JKMN", "ABCD-EFGH-JKM\u0661"),
    ],
)
def test_what_is_no_reference_is_none(text: str) -> None:
    assert parse_reference(text) is None


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("a" * 16, True),
        ("a" * 64, True),
        ("A_-9" * 8, True),
        ("a" * 15, False),
        ("a" * 65, False),
        ("á" * 20, False),
        ("a b" * 8, False),
        ("a" * 20 + "\n", False),
    ],
)
def test_a_key_is_16_to_64_url_safe_characters(text: str, accepted: bool) -> None:
    assert is_key(text) is accepted


def test_ten_thousand_keys_give_ten_thousand_references_that_use_every_symbol() -> None:
    references = {reference_of(make_key(n.to_bytes(16))) for n in range(10_000)}
    assert len(references) == 10_000
    for position in range(12):
        assert len({reference[position] for reference in references}) == 32


def test_the_id_needs_the_secret() -> None:
    reference = reference_of(make_key(bytes(16)))
    assert id_of(reference, b"one" * 11) != id_of(reference, b"two" * 11)
    assert reference not in id_of(reference, b"one" * 11)


def test_a_derived_key_is_a_key_and_depends_on_both_parts() -> None:
    keys = {derive_key("k" * 20, "a"), derive_key("k" * 20, "b"), derive_key("l" * 20, "a")}
    assert len(keys) == 3
    assert all(is_key(key) for key in keys)
