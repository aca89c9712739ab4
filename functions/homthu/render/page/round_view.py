"""What the citizen's pages say about rounds."""

from datetime import datetime

from homthu.domain.boxes.round import RoundMoment, RoundState
from homthu.domain.week import ICT
from homthu.render.numbers import format_date
from homthu.render.page.inputs import ClosedPage
from homthu.render.texts import Texts


def _format_time(instant: datetime) -> str:
    return f"{instant.astimezone(ICT):%H:%M, %d/%m/%Y}"


def round_line(moment: RoundMoment, texts: Texts) -> str:
    """Which round an answer on this form will count in."""
    if moment.current:
        return texts(
            "page.round.open",
            name=moment.current.name,
            opens=format_date(moment.current.opens_on),
            closes=format_date(moment.current.closes_on),
        )
    if moment.state is RoundState.CLOSING and moment.changes_at:
        return texts("page.round.closing", until=_format_time(moment.changes_at))
    return texts("page.round.outside")


def closed_sentences(page: ClosedPage, texts: Texts) -> list[str]:
    """What the closed page says, most important first."""
    if page.is_paused:
        return [texts("page.closed.paused")]
    moment = page.moment
    sentences = []
    if moment.state is RoundState.UPCOMING and moment.next:
        sentences.append(texts("page.closed.upcoming", at=_format_time(moment.next.opens_at)))
    elif moment.next:
        sentences.append(
            texts("page.closed.next", name=moment.next.name, opens=format_date(moment.next.opens_on))
        )
    if moment.previous:
        sentences.append(
            texts(
                "page.closed.previous",
                name=moment.previous.name,
                closes=format_date(moment.previous.closes_on),
            )
        )
    if moment.state is RoundState.CLOSING and moment.changes_at:
        sentences.append(texts("page.closed.closing", until=_format_time(moment.changes_at)))
    if not moment.next:
        sentences.append(texts("page.closed.no_next"))
    return sentences
