"""The telephone number that a page's link dials."""

import pytest
from homthu.domain.boxes.telephone import dialled


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0204 385 4321", "02043854321"),
        ("(0204) 3854.321", "02043854321"),
        ("0912-345-678", "0912345678"),
        ("+84 204 385 4321", "+842043854321"),
        ("+84 (0)204 385 4321", "+842043854321"),
        ("+84 (0) 204-385-4321", "+842043854321"),
        ("(+84) 912 345 678", "+84912345678"),
        ("0084 912 345 678", "+84912345678"),
        ("1900 1234", "19001234"),
        ("1800 123456", "1800123456"),
        ("1022", "1022"),
        ("113", "113"),
    ],
)
def test_a_number_is_dialled_however_it_is_written(text: str, number: str) -> None:
    assert dialled(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *("02043854321-0912345678", "0204 385 4321 0912 345 678", "113-114", "0204 385", "+84 0204 385 4321"),
        *("+1 202 555 0100", "123456789", "0204 385 4321 (12)", "(0)", "", "00", "+84"),
    ],
)
def test_what_is_no_number_or_two_is_not_dialled(text: str) -> None:
    assert dialled(text) == ""
