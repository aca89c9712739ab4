"""Clusters: suggestions that say nearly the same in nearly the same words, as copied texts do.

A text is cut into shingles of letters, folded so that case, diacritics and punctuation do not
matter; a short signature of the shingles' least hashes (A. Broder, 1997; one permutation, as P. Li,
A. Owen and C.-H. Zhang, 2012) stands for it, and two texts whose signatures agree in a whole band
belong together. That is a sign, not a proof: the submissions are counted all the same.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from zlib import crc32

from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.releases.counted import CountedAnswer, answers_of
from homthu.domain.releases.series import OVERALL
from homthu.domain.reports.tally import Fact, Tally, repeated_facts
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.text import fold

#: So many texts of a week are compared at most, so that memory stays bounded for a week of any
#: size. They come in the order of random ids, so a larger week is compared in a fair draw.
MAX_COMPARED = 20_000
#: With fewer words people say the same independently: «cán bộ rất nhiệt tình».
MIN_WORDS = 8
_SHINGLE = 6
_BANDS, _ROWS = 4, 6
_BUCKETS = _BANDS * _ROWS
_WORD = re.compile(r"[a-z0-9]+")


class ClusterFinder:
    """Looks for clusters, one submission at a time, in any order.

    `kept` holds no more of each text than its id and its overall answer.
    """

    def __init__(self, questionnaires: Mapping[str, Questionnaire], limit: int = MAX_COMPARED) -> None:
        self._questionnaires = questionnaires
        self._limit = limit
        self._kept: list[tuple[str, CountedAnswer | None]] = []
        self._parents: list[int] = []
        self._by_band: dict[int, int] = {}

    def add(self, stored: StoredSubmission) -> None:
        """Take one more submission into account, if it has enough words."""
        if not stored.submission.text or len(self._kept) >= self._limit:
            return
        words = _WORD.findall(fold(stored.submission.text))
        if len(words) < MIN_WORDS:
            return
        number = len(self._kept)
        answers = answers_of(stored, self._questionnaires)
        self._kept.append((stored.id, next((one for one in answers if one.asked == OVERALL), None)))
        self._parents.append(number)
        for band in _bands(" ".join(words)):
            other = self._by_band.setdefault(band, number)
            if other != number:
                self._parents[self._root(number)] = self._root(other)

    def tally(self) -> Tally:
        """How many clusters, how many submissions repeat another, and what those answered overall."""
        groups: dict[int, list[int]] = {}
        for number in range(len(self._kept)):
            groups.setdefault(self._root(number), []).append(number)
        counts: Counter[tuple[str, ...]] = Counter()
        for members in groups.values():
            if len(members) == 1:
                continue
            counts[Fact.CLUSTER,] += 1
            # One form stays: one whose rating counts, if any, with the smallest id, which says nothing of the
            # order.
            for _, overall in sorted((self._kept[number] for number in members), key=_standing)[1:]:
                counts[Fact.REPEATED,] += 1
                if overall:
                    counts.update(repeated_facts(overall))
        return Tally(counts)

    def _root(self, number: int) -> int:
        while self._parents[number] != number:
            self._parents[number] = self._parents[self._parents[number]]
            number = self._parents[number]
        return number


def _standing(kept: tuple[str, CountedAnswer | None]) -> tuple[bool, str]:
    id, overall = kept
    return overall is None, id


def count_submissions(
    submissions: Iterable[StoredSubmission], questionnaires: Mapping[str, Questionnaire]
) -> Tally:
    """The tally of some submissions with their clusters, streamed once."""
    finder = ClusterFinder(questionnaires)

    def watched() -> Iterator[StoredSubmission]:
        for stored in submissions:
            finder.add(stored)
            yield stored

    counted = Tally.of(watched(), questionnaires) + finder.tally()
    return counted + Tally({(Fact.JOINT_KEPT,): 1})


def _bands(text: str) -> Iterator[int]:
    """The signature of a text, band by band; the band's number is part of each hash."""
    least = [1 << 32] * _BUCKETS
    content = text.encode()
    for start in range(max(1, len(content) - _SHINGLE + 1)):
        hashed = crc32(content[start : start + _SHINGLE])
        bucket, rest = hashed % _BUCKETS, hashed // _BUCKETS
        least[bucket] = min(least[bucket], rest)
    # An empty bucket takes the value of the next one, or short texts would all agree.
    for at in range(2 * _BUCKETS - 1, -1, -1):
        if least[at % _BUCKETS] == 1 << 32:
            least[at % _BUCKETS] = least[(at + 1) % _BUCKETS]
    for band in range(_BANDS):
        yield hash((band, *least[band * _ROWS : (band + 1) * _ROWS]))  # of numbers: the same everywhere
