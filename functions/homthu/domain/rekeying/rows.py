"""Rows: the releases of a ward in the order and the words of another system.

A row is told once and for all, as its release is; so it is typed once, unless a correction changes a number
of forms or the office changes the target's file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from homthu.domain.boxes.box import Box
from homthu.domain.boxes.questionnaire import Question, Questionnaire, say
from homthu.domain.boxes.round import OUTSIDE, rounds_around
from homthu.domain.boxes.target import (
    CODE,
    OPTION,
    AnswersTakes,
    FormsTakes,
    Target,
    TargetAbout,
    TargetField,
)
from homthu.domain.releases.release import DISSATISFIED, NEUTRAL, SATISFIED, Release
from homthu.domain.releases.releases import Releases
from homthu.domain.releases.series import OVERALL, VERDICT, WARD, Series, SeriesKind
from homthu.domain.week import Week

#: What a field holds; where it is empty, nothing is typed.
Value = int | str


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One field of a row. `is_sum` says that adding it up over rows gives a control total."""

    label: str
    value: Value
    is_sum: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What is typed in one go: an entry of the other system.

    `id` is unique within a ward; `first` and `week` are the first week it covers and the week of its report.
    `question` is our short text, empty in a row that counts forms; `series` is the ward or place that the row
    is about, and `about` what the other system calls it.
    """

    id: str
    week: Week
    first: Week
    question: str
    series: Series
    about: str
    cells: tuple[Cell, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of its fields; rows with the same labels share a table."""
        return tuple(cell.label for cell in self.cells)

    @property
    def cells_as_typed(self) -> tuple[tuple[str, str], ...]:
        """Each label with the value as text, as a tick remembers it."""
        return tuple((cell.label, str(cell.value)) for cell in self.cells)


@dataclass(frozen=True, kw_only=True, slots=True)
class Total:
    """The sum of one field, and how many rows have a number in it."""

    label: str
    sum: int
    rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """Control totals, to compare with those of the other system: rows and sums of fields, by kind of row."""

    forms_rows: int
    answers_rows: int
    forms: tuple[Total, ...]
    answers: tuple[Total, ...]
    #: How many rows say «all or all but one» in words and have no number for any option.
    in_words: int


def rows_of(
    target: Target, box: Box, questionnaires: Mapping[str, Questionnaire], releases: Releases
) -> tuple[Row, ...]:
    """Every row told up to the newest report, oldest report first."""
    maker = _Maker(target, box, questionnaires)
    rows = [*maker.forms(releases), *maker.answers(releases)]
    return tuple(sorted(rows, key=lambda row: (row.week, bool(row.question))))


def by_fields(rows: Iterable[Row]) -> dict[tuple[str, ...], list[Row]]:
    """The rows grouped by their labels, in order of first appearance."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(row.labels, []).append(row)
    return found


def of_year(rows: Iterable[Row], year: int) -> tuple[Row, ...]:
    """The rows of a year's reports, over which control totals are formed."""
    return tuple(row for row in rows if row.week.year == year)


def totals_of(rows: Iterable[Row]) -> Totals:
    """The control totals of these rows."""
    known = list(rows)
    forms = [row for row in known if not row.question]
    answers = [row for row in known if row.question]
    return Totals(
        forms_rows=len(forms),
        answers_rows=len(answers),
        forms=_sums(forms),
        answers=_sums(answers),
        in_words=sum(any(cell.is_sum and cell.value == "" for cell in row.cells) for row in answers),
    )


def _sums(rows: Sequence[Row]) -> tuple[Total, ...]:
    found: dict[str, list[int]] = {}
    for row in rows:
        for cell in row.cells:
            if cell.is_sum:
                found.setdefault(cell.label, []).extend([cell.value] if isinstance(cell.value, int) else [])
    return tuple(Total(label=label, sum=sum(values), rows=len(values)) for label, values in found.items())


@dataclass(frozen=True, slots=True)
class _Maker:
    target: Target
    box: Box
    questionnaires: Mapping[str, Questionnaire]

    def forms(self, releases: Releases) -> Iterator[Row]:
        """A row for each week and round with forms, for the ward and each place, as the target takes them."""
        if not self.target.forms:
            return
        counts: dict[tuple[Week, str, Series], int] = {}
        for one in releases.new_forms:
            if one.number > releases.newest:
                continue
            for series in (WARD, Series(SeriesKind.PLACE, one.place)):
                if self._takes(series):
                    key = (one.week, one.round, series)
                    counts[key] = counts.get(key, 0) + one.forms
        for (week, round_, series), count in sorted(counts.items()):
            yield Row(
                id=_id("forms", week, round_, series),
                week=week,
                first=week,
                question="",
                series=series,
                about=self._about(series),
                cells=tuple(
                    self._forms_cell(field, week, round_, series, count) for field in self.target.forms
                ),
            )

    def answers(self, releases: Releases) -> Iterator[Row]:
        """A row for each release of a question about a ward or place that the target takes."""
        if not self.target.answers:
            return
        for number, release in releases.told:
            question = self._question(release)
            if number > releases.newest or question is None or not self._takes(release.series):
                continue
            asked = (release.asked.version, release.asked.question)
            yield Row(
                id=_id("answers", release.last, release.round, release.series, *asked, release.first),
                week=release.last,
                first=release.first,
                question=say(question.short, "vi"),
                series=release.series,
                about=self._about(release.series),
                cells=tuple(
                    cell
                    for field in self.target.answers
                    for cell in self._answer_cells(field, release, question)
                ),
            )

    def _takes(self, series: Series) -> bool:
        about = {SeriesKind.WARD: TargetAbout.WARD, SeriesKind.PLACE: TargetAbout.PLACE}.get(series.kind)
        return about in self.target.about

    def _question(self, release: Release) -> Question | None:
        """The question that a release is about; the overall question as the box asks it now."""
        if release.asked == VERDICT:
            return None
        if release.asked == OVERALL:
            return self.box.questionnaire.question(self.box.questionnaire.overall)
        version = self.questionnaires.get(release.asked.version)
        return version.question(release.asked.question) if version else None

    def _forms_cell(self, field: TargetField, week: Week, round_: str, series: Series, count: int) -> Cell:
        match field.takes:
            case FormsTakes.FORMS:
                return Cell(label=field.label, value=count, is_sum=True)
            case FormsTakes.WEEK:
                return Cell(label=field.label, value=str(week))
            case _:
                return self._known(field, week, week, round_, series)

    def _answer_cells(self, field: TargetField, release: Release, question: Question) -> Iterator[Cell]:
        match field.takes:
            case AnswersTakes.QUESTION:
                yield Cell(label=field.label, value=self.target.code(question))
            case AnswersTakes.ANSWERS:
                yield Cell(label=field.label, value=release.answers, is_sum=True)
            case AnswersTakes.IN_WORDS:
                yield Cell(label=field.label, value=self._in_words(release, question))
            case AnswersTakes.OPTIONS:
                codes = self.target.codes(question)
                for option in question.answers:
                    label = field.label.replace(CODE, codes.get(option, option))
                    count = "" if release.alike else release.by_option.get(option, 0)
                    yield Cell(label=label, value=count, is_sum=True)
            case _:
                yield self._known(field, release.first, release.last, release.round, release.series)

    def _in_words(self, release: Release, question: Question) -> str:
        """What all or all but one answered, if the release says no more than that; else empty."""
        if not release.alike:
            return ""
        words = self.target.words
        said = {SATISFIED: words.satisfied, NEUTRAL: words.neutral, DISSATISFIED: words.dissatisfied}
        codes = self.target.codes(question)
        return words.alike.replace(OPTION, said.get(release.alike) or codes.get(release.alike, release.alike))

    def _known(self, field: TargetField, first: Week, last: Week, round_: str, series: Series) -> Cell:
        """A cell that rows of both kinds have."""
        match field.takes.value:
            case "first_day":
                value = self.target.date.write(first.monday)
            case "last_day":
                value = self.target.date.write(last.sunday)
            case "round":
                value = self._round(round_, last.monday)
            case _:
                value = self._about(series)
        return Cell(label=field.label, value=value)

    def _round(self, id: str, day: date) -> str:
        if id == OUTSIDE:
            return self.target.words.outside
        return next((one.name for one in rounds_around(self.box.rounds, day) if one.id == id), id)

    def _about(self, series: Series) -> str:
        if series == WARD:
            return self.target.words.ward
        if series.is_rest:
            return self.target.words.rest
        place = self.box.place(series.member)
        if place is None:
            return series.member
        return f"{place.name} ({place.former_ward})" if place.former_ward else place.name


def _id(kind: str, week: Week, round_: str, series: Series, *rest: object) -> str:
    return "|".join((kind, str(week), round_, series.kind.value, series.member, *map(str, rest)))
