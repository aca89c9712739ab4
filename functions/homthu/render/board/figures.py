"""What was told of answers, prepared for the board's templates: finished strings and bars."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from homthu.domain.boxes.questionnaire import RATINGS, Question, Questionnaire, say
from homthu.domain.releases.figure import Figure
from homthu.domain.releases.release import DISSATISFIED, NEUTRAL, SATISFIED
from homthu.domain.releases.series import OVERALL, WARD, Asked
from homthu.domain.reports.serious import SeriousSignal, Tell, serious_signals
from homthu.domain.week import Week
from homthu.render.board.inputs import ResultsPage
from homthu.render.numbers import bar_percent, format_count, format_dates, format_share, format_week
from homthu.render.texts import Texts

_RATED = (SATISFIED, NEUTRAL, DISSATISFIED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One question or option: its name, its figure, and a bar of whole percent where a share is given."""

    name: str
    figure: str
    bar: int | None = None
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoiceBlock:
    """A question with options of its own."""

    name: str
    base: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """All figures of one run or of a sum of runs; `received` is empty where forms are told elsewhere, and
    `serious` where no question asked for the serious signals."""

    title: str
    received: str
    serious: str
    overall: Row
    ratings: tuple[Row, ...]
    choices: tuple[ChoiceBlock, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekRow:
    """One line of the list of weeks: its forms, and the run that ends with it, if one does."""

    title: str
    received: str
    run: str
    overall: str
    block: Block | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """Formats figures in the page's language."""

    page: ResultsPage
    texts: Texts

    def ended_in(self, week: Week) -> Block | None:
        """The ward's run that ended in a week, with all its questions."""
        told = self.page.published.releases

        def tell(asked: Asked) -> Figure | None:
            return told.within(week, week, WARD, asked)

        overall = tell(OVERALL)
        return self._block(self.run(overall), "", overall, tell) if overall else None

    def of_round(self, id: str, title: str) -> Block | None:
        """The sum of a round's runs."""
        published = self.page.published

        def tell(asked: Asked) -> Figure | None:
            return published.releases.of_round(id, WARD, asked)

        received = format_count(published.by_round.get(id, 0))
        overall = tell(OVERALL)
        return self._block(title, received, overall, tell) if overall else None

    def of_year(self, year: int) -> Block | None:
        """The sum of a year's runs."""
        published = self.page.published

        def tell(asked: Asked) -> Figure | None:
            return published.releases.of_year(year, WARD, asked)

        received = format_count(published.received_in_year(year))
        title = self.texts("board.year", year=year)
        overall = tell(OVERALL)
        return self._block(title, received, overall, tell) if overall else None

    def week_row(self, week: Week, received: int, *, with_block: bool) -> WeekRow:
        """A week in the list."""
        figure = self.page.published.releases.within(week, week, WARD, OVERALL)
        return WeekRow(
            title=self.weeks(week, week),
            received=format_count(received),
            run=self.run(figure) if figure and figure.first != week else "",
            overall=self.share(figure) if figure else self.texts("board.pooled"),
            block=self.ended_in(week) if with_block else None,
        )

    def run(self, figure: Figure) -> str:
        """The weeks that a figure is about."""
        return self.weeks(figure.first, figure.last)

    def weeks(self, first: Week, last: Week) -> str:
        """The name of a run of weeks, with its days."""
        if first == last:
            return self.texts(
                "board.week", week=format_week(first), dates=format_dates(first.monday, first.sunday)
            )
        return self.texts(
            "board.weeks",
            first=first.number if first.year == last.year else format_week(first),
            last=format_week(last),
            dates=format_dates(first.monday, last.sunday),
        )

    def share(self, figure: Figure) -> str:
        """The share satisfied with its base; words where almost all answered alike."""
        answers = format_count(figure.answers)
        if figure.alike:
            return self.texts("board.in_words", words=self._alike(figure.alike), valid=answers)
        share = self._percent(figure.satisfied_share)
        return self.texts("board.share" if figure.is_exact else "board.about", share=share, valid=answers)

    def _block(self, title: str, received: str, overall: Figure, tell: Tell) -> Block:
        versions = list(self.versions())
        return Block(
            title=title,
            received=received,
            serious=self._serious(serious_signals(versions, tell)),
            overall=self._rating(self.texts("board.overall"), overall),
            ratings=tuple(
                self._rating(say(question.short, self.texts.language), figure)
                for version in versions
                for question in version.ratings
                if question.id != version.overall
                if (figure := tell(Asked(version.version, question.id)))
            ),
            choices=tuple(
                self._choice(question, figure)
                for version in versions
                for question in version.choices
                if (figure := tell(Asked(version.version, question.id)))
            ),
        )

    def _serious(self, signals: Iterable[SeriousSignal]) -> str:
        """The signals of which anything is told, in one sentence."""
        said = []
        for one in (one for one in signals if one.answers):
            chosen = one.chosen
            key = "exactly" if chosen.is_exact else "between" if chosen.least else "at_most"
            count = self.texts(
                f"board.serious.{key}",
                least=format_count(chosen.least),
                most=format_count(chosen.most),
                answers=format_count(one.answers),
            )
            said.append(self.texts(f"board.serious.{one.option}", count=count))
        return self.texts("board.serious.said", parts="; ".join(said)) if said else ""

    def versions(self) -> Iterator[Questionnaire]:
        """The box's own questionnaire, then every other that something was told of."""
        own = self.page.box.questionnaire
        yield own
        told = {asked.version for asked in self.page.published.releases.asked} - {own.version}
        yield from (
            known for version in sorted(told) if (known := self.page.questionnaires.get(version)) is not None
        )

    def _rating(self, name: str, figure: Figure) -> Row:
        detail = ", ".join(
            self.texts("board.rated", rating=self.texts(f"board.rating.{rating}"), n=format_count(count))
            for rating in RATINGS
            if figure.is_exact and (count := figure.chose({rating}).least)
        )
        return Row(
            name=name,
            figure=self.share(figure),
            bar=None if figure.alike else bar_percent(figure.satisfied_share),
            detail=detail,
        )

    def _choice(self, question: Question, figure: Figure) -> ChoiceBlock:
        language = self.texts.language
        labels = {option.id: say(option.label, language) for option in question.options}
        if figure.alike:
            words = self.texts("board.alike.option", option=labels.get(figure.alike, figure.alike))
            rows = [Row(name=words, figure="")]
        else:
            rows = [self._option(labels[option], figure, option) for option in question.answers]
        return ChoiceBlock(
            name=say(question.short, language),
            base=self.texts("board.base", n=format_count(figure.answers)),
            rows=tuple(rows),
        )

    def _option(self, name: str, figure: Figure, option: str) -> Row:
        count, share = figure.chose({option}), figure.share({option})
        written = self._percent(share)
        if count.is_exact:
            written = self.texts("board.option", n=format_count(count.least), share=written)
        else:
            written = self.texts("board.roughly", share=written)
        return Row(name=name, figure=written, bar=bar_percent(share))

    def _alike(self, word: str) -> str:
        return self.texts(f"board.alike.{word}") if word in _RATED else word

    def _percent(self, share: float) -> str:
        written = format_share(share)
        return written if self.texts.language == "vi" else written.replace(",", ".")
