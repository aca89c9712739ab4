"""Codes typed with Telex or VNI switched on are read all the same."""

import random
import time
from collections.abc import Callable

import pytest
from homthu.domain.submissions.paper_batch import format_code, make_code
from homthu.domain.submissions.reference import MOST_READINGS, format_reference, parse_reference, read_code
from hypothesis import given
from hypothesis import strategies as st
from input_methods import telex, vni

_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
METHODS = pytest.mark.parametrize("method", [telex, vni], ids=["telex", "vni"])
Types = Callable[[str], str]


def references(count: int) -> list[str]:
    chance = random.Random(20261124)
    return ["".join(chance.choice(_SYMBOLS) for _ in range(12)) for _ in range(count)]


@pytest.mark.parametrize(
    ("method", "keys", "shown"),
    [
        (telex, "ZC2Y-661S-DAWM", "ZC2Y-661S-DĂM"),
        (telex, "tieengs vieejt dduwowcj", "TIẾNG VIỆT ĐƯỢC"),
        (telex, "ass aaa aws w ww", "AS AA Ắ Ư W"),
        (vni, "tie6ng1 vie6t5 d9u7o7c5", "TIẾNG VIỆT ĐƯỢC"),
        (vni, "a11 a8 e61 a10", "A1 Ă Ế A"),
    ],
)
def test_the_stand_in_types_as_the_input_methods_do(method: Types, keys: str, shown: str) -> None:
    assert method(keys) == shown


@METHODS
@pytest.mark.parametrize("count", [4_000, pytest.param(20_000, marks=pytest.mark.long)])
def test_of_many_references_typed_as_printed_nearly_all_are_read(method: Types, count: int) -> None:
    """What is left are codes that lost three signs, or were spelt so that a thousand others look alike."""
    shown = [(reference, method(format_reference(reference))) for reference in references(count)]
    changed = [(reference, text) for reference, text in shown if parse_reference(text) != reference]
    assert len(changed) > count * 0.15, "the input method changes many, or this tries nothing"
    unread = [reference for reference, text in changed if reference not in read_code(text, MOST_READINGS)]
    assert len(unread) <= len(shown) * 0.005
    assert len(unread) <= len(changed) * 0.02


@METHODS
@pytest.mark.parametrize("count", [400, pytest.param(2_000, marks=pytest.mark.long)])
def test_without_the_hyphens_most_are_read(method: Types, count: int) -> None:
    changed = [(reference, method(reference)) for reference in references(count)]
    unread = [one for one, text in changed if one not in read_code(text, MOST_READINGS)]
    assert len(unread) <= len(changed) * 0.2


@METHODS
def test_a_batchs_code_is_left_alone_by_both(method: Types) -> None:
    for number in range(400):
        code = make_code(number.to_bytes(16) if number % 2 else random.Random(number).randbytes(16))
        assert method(format_code(code)) == format_code(code)
        assert method(code) == code


@given(st.sampled_from(references(300)))
def test_a_code_that_nothing_rewrote_has_one_reading(reference: str) -> None:
    assert read_code(format_reference(reference), MOST_READINGS) == (reference,)
    assert read_code(f" {format_reference(reference).lower()}.", MOST_READINGS) == (reference,)


@given(st.text(max_size=40))
def test_no_text_has_more_readings_than_are_looked_up_or_one_that_is_no_code(text: str) -> None:
    found = read_code(text, MOST_READINGS)
    assert len(found) <= MOST_READINGS
    assert all(len(one) == 12 and set(one) <= set(_SYMBOLS) for one in found)


def test_a_text_made_up_to_have_many_readings_costs_no_more_than_ten_thousand_plain_ones() -> None:
    made_up = "AẤEẾYÝDĐỘẬỆẤ"
    begun = time.process_time()
    for _ in range(10_000):
        read_code("ZC2Y-661S-DAWM", MOST_READINGS)
    plain, begun = time.process_time() - begun, time.process_time()
    read_code(made_up, 5_000)
    assert time.process_time() - begun < plain * 20
