"""Themes: what texts are about, as the words of a questionnaire's file suggest and readers correct.

Told of a round, once: numbers of texts, whoever reads them. A theme is told that holds ten texts; what is
left is told as one, which holds ten as well or nothing, so that no subtraction says what a few wrote about.
Every text counts, also praise and what is set apart: a number of texts without these would tell theirs.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from homthu.domain.boxes.questionnaire import Theme
from homthu.domain.releases.series import MIN_GROUP
from homthu.domain.submissions.phrases import Phrases
from homthu.domain.submissions.sentences import sentences
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.text import clean

#: No theme is known by the words of a text; a reader said that it is about something else. No id of a
#: theme is either.
UNKNOWN, OTHER = "", "*"


def theme_ids(themes: Iterable[Theme]) -> frozenset[str]:
    """The ids from which a reader may choose what a text is about."""
    return frozenset({*(one.id for one in themes), OTHER})


@dataclass(frozen=True)
class ThemeFinder:
    """Suggests the theme of a text."""

    themes: tuple[Theme, ...]

    def suggested(self, text: str) -> str:
        """The theme whose phrases cover most words; unknown where none does, or where two tie."""
        scores: Counter[str] = Counter()
        for sentence in sentences(text):
            keys = sentence.keys
            for id, phrases in self._lists[sentence.bears_marks].items():
                scores[id] += phrases.length_in(keys)
        (best, most), (_, second) = [*scores.most_common(2), (UNKNOWN, 0), (UNKNOWN, 0)][:2]
        return best if most > second else UNKNOWN

    @cached_property
    def _lists(self) -> Mapping[bool, Mapping[str, Phrases]]:
        return {
            True: {one.id: Phrases.of(one.words, bears_marks=True) for one in self.themes},
            # Without diacritics one syllable may be a dozen words: «đất» and «đạt».
            False: {
                one.id: Phrases.of(filter(_is_plain, one.words), bears_marks=False) for one in self.themes
            },
        }


def _is_plain(phrase: str) -> bool:
    return " " in phrase or phrase.isascii()


@dataclass(frozen=True, kw_only=True, slots=True)
class ThemeCounts:
    """How many texts each theme has, how many of them a reader looked at, and how many they corrected."""

    by_theme: Mapping[str, int] = field(default_factory=dict)
    read: int = 0
    corrected: int = 0

    @property
    def texts(self) -> int:
        """All texts."""
        return sum(self.by_theme.values())

    def told(self) -> tuple[dict[str, int], int]:
        """The themes that may be told, the largest first, and how many texts the others have together."""
        largest = sorted(self.by_theme.items(), key=lambda one: (-one[1], one[0]))
        found = {id: count for id, count in largest if count >= MIN_GROUP}
        left = self.texts - sum(found.values())
        while found and 0 < left < MIN_GROUP:
            left += found.popitem()[1]
        return found, left


class ThemeCounter:
    """Counts themes, one submission at a time; `corrected` has what readers said, by the form's id."""

    def __init__(self, themes: tuple[Theme, ...], corrected: Mapping[str, str]) -> None:
        self._ids = theme_ids(themes)
        self._suggested: Callable[[str], str] = ThemeFinder(themes).suggested
        self._said = corrected
        self._counts: Counter[str] = Counter()
        self._read = 0
        self._corrected = 0

    def watched(self, submissions: Iterable[StoredSubmission]) -> Iterator[StoredSubmission]:
        """The submissions, each counted in passing; none are counted where there are no themes."""
        for one in submissions:
            if len(self._ids) > 1:
                self.add(one)
            yield one

    def add(self, stored: StoredSubmission) -> None:
        """Take one more submission into account."""
        text = clean(stored.submission.text)
        if not text:
            return
        theme = self._suggested(text)
        if said := self._said.get(stored.id, ""):
            # A theme that the file no longer has counts as none of its themes.
            said = said if said in self._ids else OTHER
            self._read += 1
            self._corrected += said != theme
            theme = said
        self._counts[theme] += 1

    def result(self) -> ThemeCounts:
        """The counts of the submissions added so far."""
        return ThemeCounts(by_theme=dict(self._counts), read=self._read, corrected=self._corrected)
