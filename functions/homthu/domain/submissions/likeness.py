"""Likeness: whether a text is more like one kind of examples than like another.

A naive Bayes classifier over the words and pairs of words that a text holds (M. E. Maron, 1961; the
multi-variate Bernoulli of A. McCallum and K. Nigam, 1998, over what is there alone). No phrase list
foresees the words of the next denunciation; this goes by the company that words keep in the examples.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from homthu.domain.submissions.sentences import Sentence, key

#: What is added to every count, so that one example proves nothing.
_SMOOTHING = 0.5


@dataclass(frozen=True, slots=True)
class Likeness:
    """The weight of each word and pair of words: above zero for the first kind, below zero for the second."""

    weights: Mapping[str, float]

    @classmethod
    def of(cls, first: Sequence[Iterable[Sentence]], second: Sequence[Iterable[Sentence]]) -> "Likeness":
        """Learn from the examples of each kind."""
        counts = [Counter[str](), Counter[str]()]
        for kind, examples in zip(counts, (first, second), strict=True):
            for example in examples:
                kind.update(_traits(example))
        totals = [len(examples) + 2 * _SMOOTHING for examples in (first, second)]

        def weight(trait: str) -> float:
            one, other = (
                math.log((kind[trait] + _SMOOTHING) / total)
                for kind, total in zip(counts, totals, strict=True)
            )
            return one - other

        return cls({trait: weight(trait) for trait in {**counts[0], **counts[1]}})

    def to_first(self, text: Iterable[Sentence]) -> float:
        """How much likelier the text is of the first kind: the logarithm of the odds, without a prior,
        divided by the root of the number of words looked at; words occur together, and a long text would look
        too certain.
        """
        weights, traits = self.weights, _traits(text)
        return sum(weights[trait] for trait in traits if trait in weights) / math.sqrt(len(traits) + 1)


def _traits(text: Iterable[Sentence]) -> set[str]:
    """The words and pairs of words, without diacritics: with them, too few examples would share each."""
    found: set[str] = set()
    for sentence in text:
        words = [word and key(word, False) for word in sentence.words]
        found.update(filter(None, words))
        found.update(f"{one} {other}" for one, other in pairwise(words) if one and other)
    return found
