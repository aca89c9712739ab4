"""The tables of a report: by place, by question, by service and by mode, as finished rows."""

from homthu.domain.boxes.questionnaire import Questionnaire, say
from homthu.domain.reports.figures import Satisfaction
from homthu.domain.reports.rows import (
    NO_ANSWER,
    Apologies,
    ChoiceFigures,
    GroupFigures,
    PlaceFigures,
    RatingFigures,
)
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.numbers import bar_percent, format_count, format_fraction, format_points, format_share
from homthu.render.report.names import Names
from homthu.render.report.view import Asked, Bar, Choice, GroupRow, OptionRow, RatingRow
from homthu.render.texts import Texts


def place_rows(report: WeeklyReport, names: Names) -> tuple[GroupRow, ...]:
    """Every place, those without submissions too."""
    return tuple(_place(figures, names) for figures in report.by_place())


def service_rows(report: WeeklyReport, names: Names) -> tuple[GroupRow, ...]:
    """The services named this week, and how many submissions named none."""
    rows = [_group(names.service(figures.id), figures, names) for figures in report.by_service()]
    if report.without_service:
        rows.append(
            GroupRow(
                name=names.service(""),
                received=format_count(report.without_service),
                overall=names.figure(report.overall_without_service),
            )
        )
    return tuple(rows)


def mode_rows(report: WeeklyReport, names: Names) -> tuple[GroupRow, ...]:
    """Self, assisted and paper side by side."""
    return tuple(_group(names.mode(figures.id), figures, names) for figures in report.by_mode())


def asked_blocks(report: WeeklyReport, names: Names) -> tuple[Asked, ...]:
    """The questions of every version answered this week; no rows when nothing was received."""
    versions = report.versions
    if not report.received:
        return (Asked(title="", ratings=(), choices=()),)
    texts = names.texts
    return tuple(
        Asked(
            title=texts("report.questions.version", version=asked.version) if len(versions) > 1 else "",
            ratings=tuple(_rating(figures, texts) for figures in report.ratings(asked)),
            choices=_choices(report, asked, texts),
        )
        for asked in versions
    )


def _place(figures: PlaceFigures, names: Names) -> GroupRow:
    missing = names.texts("report.figure.none")
    return GroupRow(
        name=names.place(figures.code),
        received=format_count(figures.received),
        overall=names.cell(figures),
        before=missing if figures.before is None else format_count(figures.before),
        in_round=format_count(figures.in_round),
    )


def _group(name: str, figures: GroupFigures, names: Names) -> GroupRow:
    return GroupRow(name=name, received=format_count(figures.received), overall=names.figure(figures.overall))


def _rating(figures: RatingFigures, texts: Texts) -> RatingRow:
    now = figures.now
    if now.share is not None:
        figure = format_share(now.share)
    else:
        figure = format_fraction(now.satisfied, now.valid) if now.valid else texts("report.figure.none")
    sentences = [_sentence(now, texts)]
    if figures.change is not None and figures.before.share is not None:
        before, moved = format_share(figures.before.share), format_points(figures.change)
        sentences.append(texts("report.questions.change", before=before, change=moved))
    return RatingRow(
        name=say(figures.question.short, texts.language),
        figure=figure,
        bar=_bar(now),
        sentences=tuple(sentences),
    )


def _sentence(now: Satisfaction, texts: Texts) -> str:
    if not now.valid:
        return texts("report.questions.sentence_none")
    interval = now.interval
    return texts(
        "report.questions.sentence" if interval else "report.questions.sentence_count",
        satisfied=format_count(now.satisfied),
        valid=format_count(now.valid),
        neutral=format_count(now.by_rating["3"]),
        dissatisfied=format_count(now.by_rating["2"] + now.by_rating["1"]),
        low=format_share(interval.low) if interval else "",
        high=format_share(interval.high) if interval else "",
    )


def _bar(now: Satisfaction) -> Bar | None:
    if now.share is None:
        return None
    satisfied = bar_percent(now.share)
    dissatisfied = min(100 - satisfied, bar_percent((now.by_rating["2"] + now.by_rating["1"]) / now.valid))
    return Bar(satisfied=satisfied, neutral=100 - satisfied - dissatisfied, dissatisfied=dissatisfied)


def _choices(report: WeeklyReport, asked: Questionnaire, texts: Texts) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            name=say(figures.question.short, texts.language),
            rows=tuple(_option(figures, option, count, texts) for option, count in figures.by_option.items()),
            sentences=tuple(_choice_sentences(figures, texts)),
        )
        for figures in report.choices(asked)
    )


def _option(figures: ChoiceFigures, id: str, count: int, texts: Texts) -> OptionRow:
    share = figures.share(id)
    return OptionRow(
        label=option_label(figures, id, texts),
        count=format_count(count),
        share="" if share is None else format_share(share),
        bar=None if share is None else bar_percent(share),
    )


def option_label(figures: ChoiceFigures, id: str, texts: Texts) -> str:
    """What an option says; one that the question no longer has is shown by its id."""
    option = figures.question.option(id)
    return say(option.label, texts.language) if option else id


def _choice_sentences(figures: ChoiceFigures, texts: Texts) -> list[str]:
    without = [option_label(figures, id, texts) for id in figures.by_option if id in NO_ANSWER]
    sentences = [
        texts(
            "report.choices.base_without" if without else "report.choices.base",
            base=format_count(figures.base),
            without=", ".join(without),
        )
    ]
    if figures.apologies:
        sentences.append(_apologies(figures.apologies, texts))
    return sentences


def _apologies(apologies: Apologies, texts: Texts) -> str:
    if not apologies.late:
        return texts("report.choices.apologies_none")
    share = apologies.share
    return texts(
        "report.choices.apologies_count" if share is None else "report.choices.apologies",
        apologised=format_count(apologies.apologised),
        late=format_count(apologies.late),
        share="" if share is None else format_share(share),
    )
