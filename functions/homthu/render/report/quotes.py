"""The suggestions that a report quotes: grouped by service, links defanged, cut to what fits."""

from collections.abc import Iterable
from itertools import groupby

from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.defang import defang
from homthu.render.numbers import format_count, format_date
from homthu.render.report.names import Names
from homthu.render.report.view import Quote, QuoteGroup
from homthu.render.shorten import shorten


def quote_groups(
    report: WeeklyReport, names: Names, *, quotes: int, characters: int
) -> tuple[QuoteGroup, ...]:
    """So many of the selected suggestions at most, each cut to so many characters."""
    chosen = in_order(report, report.suggestions.quoted[:quotes])
    return tuple(
        QuoteGroup(
            title=names.service(service), quotes=tuple(_quote(one, names, characters) for one in group)
        )
        for service, group in groupby(chosen, key=lambda suggestion: suggestion.service)
    )


def in_order(report: WeeklyReport, suggestions: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """By service, place and day as the report has them, which does not tell when in a day each was left."""
    services = [service.id for service in report.services] + [""]
    places = [place.code for place in report.box.places]

    def order(suggestion: Suggestion) -> tuple[object, ...]:
        return (
            _position(suggestion.service, services),
            suggestion.service,
            _position(suggestion.place, places),
            suggestion.place,
            suggestion.received_on,
        )

    return tuple(sorted(suggestions, key=order))


def quotes_intro(report: WeeklyReport, names: Names, *, quotes: int) -> tuple[str, ...]:
    """What is quoted, what is not and why, and who wrote it."""
    texts = names.texts
    readable = report.suggestions.readable
    quoted = min(quotes, len(report.suggestions.quoted))
    sentences = []
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
    if quoted:
        sentences.append(texts("report.suggestions.written_by"))
    if report.petitions:
        sentences.append(texts("report.suggestions.petitions", petitions=format_count(report.petitions)))
    return tuple(sentences)


def _position(code: str, known: list[str]) -> int:
    return known.index(code) if code in known else len(known)


def _quote(suggestion: Suggestion, names: Names, characters: int) -> Quote:
    rating = names.rating(suggestion)
    return Quote(
        lines=_lines(suggestion.text, names, characters),
        source=names.texts(
            "report.suggestions.source_rated" if rating else "report.suggestions.source",
            place=names.place(suggestion.place),
            day=format_date(suggestion.received_on),
            rating=rating,
        ),
    )


def _lines(text: str, names: Names, characters: int) -> tuple[str, ...]:
    if (start := shorten(text, characters)) != text:
        text = names.texts("report.suggestions.cut", text=start)
    return tuple(line for line in defang(text).split("\n") if line)
