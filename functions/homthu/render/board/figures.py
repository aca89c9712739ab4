"""Published figures as the board's templates see them: finished strings, bars, nothing to work out."""

from dataclasses import dataclass
from datetime import date

from homthu.domain.boxes.box import Box
from homthu.domain.boxes.questionnaire import RATINGS, Questionnaire, say
from homthu.domain.reports.figures import Satisfaction
from homthu.domain.reports.ledger import FrozenReport
from homthu.domain.reports.published import Period
from homthu.domain.reports.rows import ChoiceFigures
from homthu.domain.reports.tally import Tally
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.week import Week
from homthu.render.board.inputs import ResultsPage
from homthu.render.numbers import bar_percent, format_count, format_dates, format_share, format_week
from homthu.render.texts import Texts


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
    """All figures of one period or of a sum of periods."""

    title: str
    received: str
    overall: Row
    ratings: tuple[Row, ...]
    choices: tuple[ChoiceBlock, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekRow:
    """One line of the list of weeks; a week that waits has no block."""

    title: str
    received: str
    overall: str
    block: Block | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """Words figures in the page's language."""

    page: ResultsPage
    texts: Texts

    def block(self, title: str, tally: Tally, received: int) -> Block:
        """The figures of a tally under a title; `received` may hold weeks that are not in it yet."""
        report = self._report(tally)
        versions = report.versions
        return Block(
            title=title,
            received=self.count(received),
            overall=self._rating(self.texts("board.overall"), report.overall),
            ratings=tuple(
                self._rating(say(figures.question.short, self.texts.language), figures.now)
                for asked in versions
                for figures in report.ratings(asked)
                if figures.question.id != asked.overall
            ),
            choices=tuple(self._choice(figures) for asked in versions for figures in report.choices(asked)),
        )

    def period(self, period: Period, *, with_block: bool) -> WeekRow:
        """A period in the list of weeks, with all its figures if it is a recent one."""
        title = self.weeks(period.first, period.last)
        return WeekRow(
            title=title,
            received=self.count(period.tally.total),
            overall=self.share(self._report(period.tally).overall),
            block=self.block(title, period.tally, period.tally.total)
            if with_block and period.tally.total
            else None,
        )

    def waiting(self, report: FrozenReport, *, is_over: bool) -> WeekRow:
        """A week of which only the number is told, for now or, in a year that is over, for good."""
        return WeekRow(
            title=self.weeks(report.week, report.week),
            received=self.count(report.tally.total),
            overall=self.texts("board.withheld" if is_over else "board.pooled"),
            block=None,
        )

    def weeks(self, first: Week, last: Week) -> str:
        """The name of a run of weeks, with its days."""
        if first == last:
            return self.texts(
                "board.week", week=format_week(first), dates=format_dates(first.monday, first.sunday)
            )
        return self.texts(
            "board.weeks",
            first=first.number,
            last=format_week(last),
            dates=format_dates(first.monday, last.sunday),
        )

    def count(self, number: int) -> str:
        """A number of submissions."""
        return format_count(number)

    def share(self, found: Satisfaction) -> str:
        """The share satisfied with its base; counts alone below ten, a dash for none."""
        if not found.valid:
            return self.texts("board.no_answers")
        if found.share is None:
            return self.texts("board.few", satisfied=found.satisfied, valid=found.valid)
        return self.texts("board.share", share=self._percent(found.share), valid=format_count(found.valid))

    def _rating(self, name: str, found: Satisfaction) -> Row:
        by_rating = ", ".join(
            self.texts("board.rated", rating=self.texts(f"board.rating.{rating}"), n=format_count(n))
            for rating in RATINGS
            for n in (found.by_rating[rating],)
            if n
        )
        return Row(
            name=name,
            figure=self.share(found),
            bar=bar_percent(found.share) if found.share is not None else None,
            detail=by_rating,
        )

    def _choice(self, found: ChoiceFigures) -> ChoiceBlock:
        language = self.texts.language
        rows = []
        answered = sum(found.by_option.values())
        for option in found.question.options if answered else ():
            share = found.share(option.id)
            count = format_count(found.by_option.get(option.id, 0))
            rows.append(
                Row(
                    name=say(option.label, language),
                    figure=count
                    if share is None
                    else self.texts("board.option", n=count, share=self._percent(share)),
                    bar=None if share is None else bar_percent(share),
                )
            )
        return ChoiceBlock(
            name=say(found.question.short, language),
            base=self.texts("board.base", n=format_count(answered)),
            rows=tuple(rows),
        )

    def _percent(self, share: float) -> str:
        written = format_share(share)
        return written if self.texts.language == "vi" else written.replace(",", ".")

    def _report(self, tally: Tally) -> WeeklyReport:
        """The figures' rules stand in the weekly report: what is published is one over other weeks."""
        box: Box = self.page.box
        questionnaires: dict[str, Questionnaire] = dict(self.page.questionnaires)
        day: date = self.page.today
        return WeeklyReport(
            box=box,
            questionnaires=questionnaires,
            week=Week.of(day),
            number=0,
            made_on=day,
            round=None,
            tally=tally,
            previous=None,
            round_tally=tally,
            year_tally=tally,
        )
