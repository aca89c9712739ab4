"""How well texts are told apart and masked: precision and recall on labelled ones, printed with `pytest -s`.

What was tuned to is in the box files, as examples (`signs/vi-du.toml`). Of the lots in tests/data, the first
was written by the same hand as the phrases and just before them, which flatters; the later one, written
without a look at what had been missed and measured once, says more about what a ward may expect; so does the
lot by another hand, who had not read the phrases.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from builders import SIGNS
from homthu.domain.submissions.personal_data import find_all

DATA = Path(__file__).parents[2] / "data" / "words"
#: The goals of what nobody tuned to.
PRECISION, RECALL = 0.85, 0.75
PERSONAL: dict[str, list[str]] = tomllib.loads((DATA / "personal.toml").read_text("utf-8"))
LOTS = tomllib.loads((DATA / "signs.toml").read_text("utf-8"))
Labelled = tuple[str, bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """What was found rightly, wrongly, and not."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.2f}, recall {self.recall:.2f}"
            f" ({self.right} rightly, {self.wrong} wrongly, {self.missed} missed)"
        )


def tuned_to() -> list[Labelled]:
    return [*((text, True) for text in SIGNS.apart), *((text, False) for text in SIGNS.ordinary)]


def lot(name: str) -> Iterator[Labelled]:
    for label in ("ordinary", "signs"):
        for texts in LOTS[name][label].values():
            yield from ((text, label == "signs") for text in texts)


def measure(texts: Iterable[Labelled]) -> Measure:
    found = [(SIGNS.are_in(text), is_sign) for text, is_sign in texts]
    return Measure(
        right=found.count((True, True)), wrong=found.count((True, False)), missed=found.count((False, True))
    )


def test_there_are_three_hundred_texts_half_of_them_ordinary_and_a_third_kept_aside() -> None:
    aside = [one for name in LOTS for one in lot(name)]
    texts = [*tuned_to(), *aside]
    assert len({text for text, _ in texts}) == len(texts) >= 300
    assert 0.4 <= sum(is_sign for _, is_sign in texts) / len(texts) <= 0.6
    # A third of the first three hundred, and those that were written later.
    assert len(list(lot("kept_aside"))) >= 100
    assert len(aside) - len(list(lot("kept_aside"))) >= 50


def test_signs_are_told_from_ordinary_texts() -> None:
    unseen = [one for name in LOTS for one in lot(name)]
    for name in LOTS:
        print(f"\nsigns, {name} ({len(list(lot(name)))} texts): {measure(lot(name))}", end="")
    for name in ("later", "another_hand"):
        assert measure(lot(name)).precision >= PRECISION
        assert measure(lot(name)).recall >= RECALL
    result = measure(unseen)
    print(f"\nsigns, all that nothing was tuned to ({len(unseen)} texts): {result}")
    assert result.precision >= PRECISION
    assert result.recall >= RECALL


def test_what_was_tuned_to_is_told_apart() -> None:
    result = measure(tuned_to())
    print(f"\nsigns, tuned to ({len(tuned_to())} texts): {result}")
    assert result.precision >= 0.98
    assert result.recall >= 0.98


# What is masked.


def marked(text: str) -> tuple[str, set[tuple[int, int]]]:
    """A text without its brackets, and where they stood."""
    plain, places, start = "", set(), 0
    for part in re.split("([⟦⟧])", text):
        if part == "⟦":
            start = len(plain)
        elif part == "⟧":
            places.add((start, len(plain)))
        else:
            plain += part
    return plain, places


def measure_masking(texts: Iterable[str]) -> Measure:
    """By places: one that is masked too far or not far enough counts as wrong and as missed."""
    right = wrong = missed = 0
    for text in texts:
        plain, expected = marked(text)
        found = {(start, end) for _, start, end in find_all(plain)}
        right += len(expected & found)
        wrong += len(found - expected)
        missed += len(expected - found)
    return Measure(right=right, wrong=wrong, missed=missed)


def test_what_names_a_person_is_masked_and_nothing_else() -> None:
    unseen = [text for name, texts in PERSONAL.items() if name != "tuned" for text in texts]
    for name, texts in PERSONAL.items():
        print(f"\nmasking, {name} ({len(texts)} texts): {measure_masking(texts)}", end="")
    result = measure_masking(unseen)
    print(f"\nmasking, all that nothing was tuned to ({len(unseen)} texts): {result}")
    assert len(unseen) / sum(map(len, PERSONAL.values())) >= 0.33
    assert result.precision >= 0.9
    assert result.recall >= 0.75
