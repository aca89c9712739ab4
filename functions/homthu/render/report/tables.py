"""The tables of a report: by place, by question, by service and by mode, as finished rows."""

from homthu.domain.boxes.questionnaire import (
    LATE_WITH_APOLOGY,
    LATE_WITHOUT_APOLOGY,
    Question,
    Questionnaire,
    say,
)
from homthu.domain.releases.figure import Figure
from homthu.domain.releases.series import MIN_GROUP, OVERALL, WARD, Asked, Series, SeriesKind
from homthu.domain.reports.forms import PlaceForms
from homthu.domain.reports.weekly_report import Telling, WeeklyReport
from homthu.render.numbers import bar_percent, format_count, format_share
from homthu.render.report import told
from homthu.render.report.names import Names
from homthu.render.report.period import capitalised
from homthu.render.report.view import Bar, Choice, GroupRow, OptionRow, QuestionBlock, RatingRow
from homthu.render.texts import Texts


def place_rows(report: WeeklyReport, names: Names) -> tuple[GroupRow, ...]:
    """Every place, including those without forms, and what is told of the others together."""
    rows = tuple(_place(one, report, names) for one in report.forms.by_place)
    rest = (series for series in report.members(SeriesKind.PLACE) if series.is_rest)
    return (*rows, *(_group(series, report, names) for series in rest))


def group_rows(kind: SeriesKind, report: WeeklyReport, names: Names) -> tuple[GroupRow, ...]:
    """The services, or the modes, of which something is told."""
    return tuple(_group(series, report, names) for series in in_order(kind, report))


def in_order(kind: SeriesKind, report: WeeklyReport) -> tuple[Series, ...]:
    """The series of a kind with a figure, in the order of the questionnaire; pooled ones come last."""
    known = [service.id for service in report.services]

    def order(series: Series) -> tuple[object, ...]:
        at = known.index(series.member) if series.member in known else len(known)
        return series.is_rest, at, series.member

    return tuple(sorted(report.members(kind), key=order))


def question_blocks(report: WeeklyReport, names: Names) -> tuple[QuestionBlock, ...]:
    """The questions of every version answered in the report's time."""
    texts = names.texts
    if why := nothing_told(report, texts):
        return (QuestionBlock(title="", why_not=why, ratings=(), choices=()),)
    return tuple(
        QuestionBlock(
            title=version_title(version, report, texts),
            why_not="",
            ratings=tuple(
                _rating(question, report.tells(WARD, asked), report, texts)
                for question, asked in report.rated(version)
            ),
            choices=tuple(
                choice(question, report.tells(WARD, Asked(version.version, question.id)), report, texts)
                for question in version.choices
            ),
        )
        for version in report.versions
    )


def nothing_told(report: WeeklyReport, texts: Texts) -> str:
    """Why no question has a figure, in one sentence instead of one for each; empty if one has."""
    asked = [
        Asked(version.version, question.id) for version in report.versions for question in version.questions
    ]
    if any(report.tells(WARD, one).figure for one in [OVERALL, *asked]):
        return ""
    waiting = report.overall.waiting
    if waiting is None:
        return texts("report.questions.nothing")
    return told.sentence(told.waiting(waiting, texts), texts)


def _place(forms: PlaceForms, report: WeeklyReport, names: Names) -> GroupRow:
    texts = names.texts
    telling = report.tells(Series(SeriesKind.PLACE, forms.code), OVERALL)
    none = texts("report.figure.none")
    before = none if forms.before is None else format_count(forms.before)
    counts = [texts(f"report.places.before_{report.kind}_is", before=before)]
    if forms.in_round is not None:
        counts.append(texts("report.places.in_round_is", in_round=format_count(forms.in_round)))
    return GroupRow(
        name=names.place(forms.code),
        overall=told.in_cell(telling, report, texts),
        note=_why_no_figure(telling, forms, report, texts),
        received=format_count(forms.received),
        before=before,
        counts="; ".join(counts),
    )


def _why_no_figure(telling: Telling, forms: PlaceForms, report: WeeklyReport, texts: Texts) -> str:
    if telling.waiting:
        return told.waiting(telling.waiting, texts, is_brief=True)
    if report.period and forms.received and telling.figure is None:
        return texts("report.places.not_apart")
    return ""


def _group(series: Series, report: WeeklyReport, names: Names) -> GroupRow:
    telling = report.tells(series, OVERALL)
    return GroupRow(name=names.series(series), overall=told.in_cell(telling, report, names.texts))


def _rating(question: Question, telling: Telling, report: WeeklyReport, texts: Texts) -> RatingRow:
    figure = telling.figure
    return RatingRow(
        name=say(question.short, texts.language),
        figure=told.share(figure, texts) if figure else texts("report.figure.none"),
        bar=_bar(figure) if figure and not figure.alike else None,
        sentences=tuple(_sentences(telling, report, texts)),
    )


def _sentences(telling: Telling, report: WeeklyReport, texts: Texts) -> list[str]:
    figure, sentences = telling.figure, []
    if figure:
        key = "in_words" if figure.alike else "counted" if figure.is_exact else "about"
        interval = figure.interval
        sentences.append(
            texts(
                f"report.questions.{key}",
                satisfied=format_count(figure.satisfied.least),
                answers=format_count(figure.answers),
                neutral=format_count(figure.chose({"3"}).least),
                dissatisfied=format_count(figure.dissatisfied.least),
                low=format_share(interval.low),
                high=format_share(interval.high),
            )
        )
        if not told.is_own_time(figure, report):
            sentences.append(texts("report.told.days", dates=told.dates(figure)))
    if telling.change:
        sentences.append(told.sentence(told.change(telling.change, report, texts), texts))
    if telling.waiting:
        sentences.append(told.sentence(told.waiting(telling.waiting, texts), texts))
    return sentences or [texts("report.questions.nothing")]


def _bar(figure: Figure) -> Bar:
    satisfied = bar_percent(figure.satisfied_share)
    dissatisfied = min(100 - satisfied, bar_percent(figure.dissatisfied.middle / figure.answers))
    return Bar(satisfied=satisfied, neutral=100 - satisfied - dissatisfied, dissatisfied=dissatisfied)


def choice(question: Question, telling: Telling, report: WeeklyReport, texts: Texts) -> Choice:
    """A choice question: a row for each option that answers something, or words where almost all agree."""
    figure, name = telling.figure, say(question.short, texts.language)
    sentences = []
    rows: tuple[OptionRow, ...] = ()
    if figure and figure.alike:
        agreed = texts("report.told.option", option=option_label(question, figure.alike, texts))
        sentences.append(
            texts("report.choices.alike", alike=capitalised(agreed), answers=format_count(figure.answers))
        )
    elif figure:
        rows = tuple(_option(question, option, figure, texts) for option in question.answers)
        sentences.append(texts("report.choices.base", answers=format_count(figure.answers)))
        if late := _apologies(question, figure, texts):
            sentences.append(late)
    if figure and not told.is_own_time(figure, report):
        sentences.append(texts("report.told.days", dates=told.dates(figure)))
    if telling.waiting:
        sentences.append(told.sentence(told.waiting(telling.waiting, texts), texts))
    return Choice(name=name, rows=rows, sentences=tuple(sentences or [texts("report.questions.nothing")]))


def _option(question: Question, option: str, figure: Figure, texts: Texts) -> OptionRow:
    count, share = figure.chose({option}), figure.share({option})
    written = format_share(share)
    return OptionRow(
        label=option_label(question, option, texts),
        count=format_count(count.least) if count.is_exact else "",
        share=written if count.is_exact else texts("report.told.about", share=written),
        bar=bar_percent(share),
    )


def option_label(question: Question, id: str, texts: Texts) -> str:
    """What an option says; one that the question does not have is shown by its id."""
    option = question.option(id)
    return say(option.label, texts.language) if option else id


def _apologies(question: Question, figure: Figure, texts: Texts) -> str:
    late = {LATE_WITH_APOLOGY, LATE_WITHOUT_APOLOGY}
    if not late <= set(question.answers) or not figure.is_exact:
        return ""
    came_late, apologised = figure.chose(late).least, figure.chose({LATE_WITH_APOLOGY}).least
    if not came_late:
        return texts("report.choices.apologies_none")
    return texts(
        "report.choices.apologies" if came_late >= MIN_GROUP else "report.choices.apologies_count",
        apologised=format_count(apologised),
        late=format_count(came_late),
        share=format_share(apologised / came_late),
    )


def version_title(version: Questionnaire, report: WeeklyReport, texts: Texts) -> str:
    """What distinguishes one version's table from another's; empty where there is one."""
    return texts("report.questions.version", version=version.version) if len(report.versions) > 1 else ""
