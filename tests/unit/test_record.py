"""A record is what a frozen dataclass is, but for the methods that are made of it at every start."""

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, field, fields, replace
from functools import cached_property

import pytest
from homthu.record import record


@record
class Sized:
    """Something with a size, for these tests."""

    name: str
    size: int = 1
    notes: list[str] = field(default_factory=list)

    @cached_property
    def twice(self) -> int:
        """Worked out once."""
        return 2 * self.size


@record
class Tag:
    """The same fields would not make it the same."""

    name: str


@record
class Label:
    """Something that shows itself otherwise."""

    name: str

    def __repr__(self) -> str:
        return "Label(…)"


def test_it_holds_what_it_is_given_and_the_defaults_of_the_rest() -> None:
    one, other = Sized(name="a"), Sized(name="b", size=3)
    assert (one.name, one.size, one.notes, one.twice) == ("a", 1, [], 2)
    assert (other.size, other.twice) == (3, 6)
    assert one.notes is not other.notes


def test_it_is_equal_hashed_and_shown_by_what_it_holds() -> None:
    assert Tag(name="a") == Tag(name="a") != Tag(name="b")
    assert Tag(name="a") != Label(name="a")
    assert hash(Tag(name="a")) == hash(Tag(name="a"))
    assert {Tag(name="a"), Tag(name="a")} == {Tag(name="a")}
    assert repr(Sized(name="a")) == "Sized(name='a', size=1, notes=[])"
    assert repr(Label(name="a")) == "Label(…)"


@pytest.mark.parametrize("given", [{}, {"size": 1}, {"name": "a", "colour": "red"}])
def test_a_name_too_few_or_too_many_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(TypeError, match=r"Sized: missing or unknown: (name|colour)"):
        Sized(**given)  # type: ignore[arg-type]


def test_it_is_given_by_name_alone() -> None:
    with pytest.raises(TypeError):
        Tag("a")  # type: ignore[misc]


def test_nothing_of_it_is_changed() -> None:
    one = Sized(name="a")
    for name in ("name", "colour"):
        with pytest.raises(FrozenInstanceError):
            setattr(one, name, "b")
        with pytest.raises(FrozenInstanceError):
            delattr(one, name)


def test_dataclasses_own_functions_take_it_and_it_can_be_copied() -> None:
    one = Sized(name="a", notes=["x"])
    assert replace(one, size=2) == Sized(name="a", size=2, notes=["x"])
    assert asdict(one) == {"name": "a", "size": 1, "notes": ["x"]}
    assert [each.name for each in fields(Sized)] == ["name", "size", "notes"]
    assert copy.copy(one) == copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one
