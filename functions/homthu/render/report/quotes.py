"""The suggestions that a report quotes: grouped by service, links defanged, cut to what fits."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from homthu.domain.boxes.box import Reads
from homthu.domain.reports.review_counts import ReviewCounts
from homthu.domain.reports.suggestion import Source, Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.defang import defang
from homthu.render.marks import mark
from homthu.render.numbers import format_count
from homthu.render.report.names import Names
from homthu.render.report.themes import themes
from homthu.render.report.view import Quote, QuoteGroup
from homthu.render.shorten import shorten
from homthu.render.texts import Texts


def quote_groups(
    report: WeeklyReport, names: Names, *, quotes: int, characters: int
) -> tuple[QuoteGroup, ...]:
    """This many of the selected suggestions at most, each cut to this many characters.

    First come the matters of several forms, then those of one form under their service where it may be named,
    and all others together; last the praise, with its examples.
    """
    chosen = in_order(report, report.suggestions.quoted[:quotes])
    others = "others" if any(one.service for one in chosen) else "unsorted"

    def title(suggestion: Suggestion) -> str:
        if suggestion.forms > 1:
            return names.texts("report.suggestions.several")
        service = suggestion.service
        return names.service(service) if service else names.texts(f"report.suggestions.{others}")

    found = [
        QuoteGroup(title=heading, quotes=tuple(_quote(one, names, characters) for one in group))
        for heading, group in groupby(chosen, key=title)
    ]
    if report.suggestions.praise:
        praised = report.suggestions.praised if quotes else ()
        found.append(
            QuoteGroup(
                title=praise(report.suggestions.praise, names.texts),
                quotes=tuple(_quote(one, names, characters) for one in praised),
            )
        )
    return tuple(found)


def praise(count: int, texts: Texts) -> str:
    """How many forms are praise."""
    return texts("report.suggestions.praise", count=format_count(count))


def forms(count: int, texts: Texts) -> str:
    """How many forms say the same; empty for one."""
    return texts("report.suggestions.forms", count=format_count(count)) if count > 1 else ""


def in_order(report: WeeklyReport, suggestions: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """The matters of several forms first; then by the report's order of services, and by name: the numbers
    are random, and their order reveals nothing.
    """
    services = [service.id for service in report.services]

    def order(suggestion: Suggestion) -> tuple[object, ...]:
        service = suggestion.service
        at = services.index(service) if service in services else len(services)
        if suggestion.forms > 1:
            return False, -suggestion.forms, suggestion.week, suggestion.number
        return True, not service, at, service, suggestion.week, suggestion.number

    return tuple(sorted(suggestions, key=order))


def quotes_intro(report: WeeklyReport, names: Names, *, quotes: int) -> tuple[str, ...]:
    """What is quoted, what is not and why, and who wrote it."""
    texts = names.texts
    sentences = [found for found in [themes(report, texts)] if found and report.audience.reads_figures]
    if not report.audience.reads_words:
        written = format_count(report.told_texts)
        sentences.append(texts("report.suggestions.passed_only", readable=written))
    sentences += _quoted(report, texts, quotes)
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


def _quoted(report: WeeklyReport, texts: Texts, quotes: int) -> Iterator[str]:
    """How much is quoted, what was put together, and what a reader must know of others' words."""
    chosen = report.suggestions
    shown, readable = chosen.quoted[:quotes], chosen.readable
    quoted = sum(one.forms for one in shown)
    if not readable and not chosen.praise:
        yield texts("report.suggestions.none")
    elif quoted < readable:
        said = "quoted_part" if chosen.left_out else "quoted"
        if not report.audience.reads_figures:
            said = "quoted_desk"
        yield texts(
            f"report.suggestions.{said}",
            quoted=format_count(quoted),
            readable=format_count(readable),
            more=format_count(readable - quoted),
            written=format_count(chosen.in_workbook),
            left=format_count(chosen.left_out),
        )
    elif quoted:
        yield texts("report.suggestions.quoted_all", quoted=format_count(quoted))
    if len(shown) < quoted:
        yield texts("report.suggestions.joined")
    if quoted and report.period:
        yield texts("report.suggestions.told")
    if quoted or (quotes and chosen.praised):
        yield texts("report.suggestions.written_by")


def reviewed(counts: ReviewCounts, texts: Texts) -> str:
    """What readers of words decided: how many texts were passed, thanked for, withheld and why."""
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
    """What the forms that say it are called, each with its place where that names nobody."""
    first = Source(week=suggestion.week, number=suggestion.number, place=suggestion.place)
    by_place: dict[str, list[str]] = {}
    for one in (first, *suggestion.others):
        by_place.setdefault(one.place, []).append(one.name)
    named = [
        names.texts("report.suggestions.source", name=", ".join(called), place=names.place(place))
        if place
        else ", ".join(called)
        for place, called in by_place.items()
    ]
    left = suggestion.forms - 1 - len(suggestion.others)
    if left > 0:
        named.append(names.texts("report.suggestions.more_forms", count=format_count(left)))
    return "; ".join(named)


def _quote(suggestion: Suggestion, names: Names, characters: int) -> Quote:
    lines = _lines(suggestion.text, names, characters)
    return Quote(
        count=forms(suggestion.forms, names.texts),
        lines=tuple(mark(suggestion.id, line) for line in lines),
        source=source(suggestion, names),
    )


def _lines(text: str, names: Names, characters: int) -> tuple[str, ...]:
    if (start := shorten(text, characters)) != text:
        is_in_file = names.report.audience.reads_figures and not names.report.suggestions.left_out
        said = "cut" if is_in_file else "cut_at_desk"
        text = names.texts(f"report.suggestions.{said}", text=start)
    return tuple(line for line in defang(text).split("\n") if line)
