"""The suggestions that a report quotes: grouped by service, links defanged, cut to what fits."""

from collections.abc import Iterable
from itertools import groupby

from homthu.domain.boxes.box import Reads
from homthu.domain.reports.review_counts import ReviewCounts
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.defang import defang
from homthu.render.marks import mark
from homthu.render.numbers import format_count
from homthu.render.report.names import Names
from homthu.render.report.view import Quote, QuoteGroup
from homthu.render.shorten import shorten
from homthu.render.texts import Texts


def quote_groups(
    report: WeeklyReport, names: Names, *, quotes: int, characters: int
) -> tuple[QuoteGroup, ...]:
    """So many of the selected suggestions at most, each cut to so many characters.

    They stand under their service where it may be named, and all others together.
    """
    chosen = in_order(report, report.suggestions.quoted[:quotes])
    others = "others" if any(one.service for one in chosen) else "unsorted"
    return tuple(
        QuoteGroup(
            title=names.service(service) if service else names.texts(f"report.suggestions.{others}"),
            quotes=tuple(_quote(one, names, characters) for one in group),
        )
        for service, group in groupby(chosen, key=lambda suggestion: suggestion.service)
    )


def in_order(report: WeeklyReport, suggestions: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """By service as the report has them, then by name: the numbers' order is random, and tells nothing."""
    services = [service.id for service in report.services]

    def order(suggestion: Suggestion) -> tuple[object, ...]:
        service = suggestion.service
        at = services.index(service) if service in services else len(services)
        return not service, at, service, suggestion.week, suggestion.number

    return tuple(sorted(suggestions, key=order))


def quotes_intro(report: WeeklyReport, names: Names, *, quotes: int) -> tuple[str, ...]:
    """What is quoted, what is not and why, and who wrote it."""
    texts = names.texts
    readable = report.suggestions.readable
    quoted = min(quotes, len(report.suggestions.quoted))
    sentences = []
    if not report.audience.reads_words:
        written = format_count(report.told_texts)
        sentences.append(texts("report.suggestions.passed_only", readable=written))
    if not quoted and not readable:
        sentences.append(texts("report.suggestions.none"))
    elif quoted == readable:
        sentences.append(texts("report.suggestions.quoted_all", quoted=format_count(quoted)))
    else:
        sentences.append(
            texts(
                "report.suggestions.quoted",
                quoted=format_count(quoted),
                readable=format_count(readable),
                more=format_count(readable - quoted),
            )
        )
    if quoted and report.period:
        sentences.append(texts("report.suggestions.told"))
    if quoted:
        sentences.append(texts("report.suggestions.written_by"))
    if not report.tells_petitions:
        sentences.append(texts("report.suggestions.petitions_elsewhere"))
    elif report.forms.petitions:
        sentences.append(
            texts("report.suggestions.petitions", petitions=format_count(report.forms.petitions))
        )
    if report.reviewed.total:
        sentences.append(reviewed(report.reviewed, texts))
    if report.audience.reads_words and not all(Reads.WORDS in one.reads for one in report.box.recipients):
        sentences.append(texts("report.suggestions.to_decide"))
    return tuple(sentences)


def reviewed(counts: ReviewCounts, texts: Texts) -> str:
    """What readers of words decided: how many texts were let pass, thanked for, withheld and why."""
    reasons = "; ".join(
        texts(f"report.reviewed.{reason}", count=format_count(count))
        for reason, count in counts.withheld.items()
    )
    return texts(
        "report.reviewed.withheld" if reasons else "report.reviewed.none_withheld",
        total=format_count(counts.total),
        passed=format_count(counts.passed),
        thanked=format_count(counts.thanked),
        withheld=format_count(counts.all_withheld),
        reasons=reasons,
    )


def source(suggestion: Suggestion, names: Names) -> str:
    """What a suggestion is called, and its place where that names nobody."""
    if not suggestion.place:
        return suggestion.name
    return names.texts("report.suggestions.source", name=suggestion.name, place=names.place(suggestion.place))


def _quote(suggestion: Suggestion, names: Names, characters: int) -> Quote:
    lines = _lines(suggestion.text, names, characters)
    return Quote(lines=tuple(mark(suggestion.id, line) for line in lines), source=source(suggestion, names))


def _lines(text: str, names: Names, characters: int) -> tuple[str, ...]:
    if (start := shorten(text, characters)) != text:
        text = names.texts("report.suggestions.cut", text=start)
    return tuple(line for line in defang(text).split("\n") if line)
