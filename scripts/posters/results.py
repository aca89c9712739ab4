"""The results poster: what people said and what the ward did, from the answers that the board shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homthu.domain.boxes.round import Round
from homthu.domain.cases.case import Answer
from homthu.render.answers import answer_kind
from homthu.render.numbers import format_count, format_dates

from posters.address import host_of
from posters.glyphs import texts_in, unprintable
from posters.pack import capitalised, code_data, ward_data
from posters.press import Order, Product, Refused, describe_fault, describe_line
from posters.proof import prove_pdf, prove_png
from posters.typesetter import Document, draw, typeset

#: The most answers on the poster: it is read standing.
MOST_ANSWERS = 8
#: A3 in points, and a picture that a phone shows whole.
#: The answers' letters, where few or short ones leave room.
_ENLARGED = (2.4, 2, 1.6, 1.3)
_PAPER, _PICTURE = (841.89, 1190.55), (1080, 1527)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundResults:
    """What a round brought in public: its answers, the newest first, and how many cases are left."""

    round: Round
    answers: Sequence[Answer]
    in_hand: int

    @classmethod
    def of(cls, answers: Sequence[Answer], in_hand: int, round_: Round) -> "RoundResults":
        """Those answered from the round's first day on; what follows its end is its fruit as well."""
        return cls(
            round=round_, answers=[one for one in answers if one.on >= round_.opens_on], in_hand=in_hand
        )


def results_data(
    order: Order, results: RoundResults, shown: int, size: tuple[float, float], enlarged: float = 1
) -> dict[str, Any]:
    """The data for `results.typ`, with this many of the answers, in this many times their usual size."""
    box, texts, kind = order.box, order.texts, order.box.ward.kind
    url = box.results or f"{order.base_url}/ket-qua/{box.ward.code}"
    if url.startswith("/"):
        url = order.base_url + url
    return {
        **ward_data(box, order.base_url, texts),
        "emblem": order.emblem.data if order.emblem else None,
        "width": size[0],
        "height": size[1],
        "enlarged": enlarged,
        "heading": texts("print.results.heading", kind=kind),
        "period": texts(
            "print.results.period",
            round=results.round.name,
            dates=format_dates(results.round.opens_on, results.round.closes_on),
        ),
        "counts": texts(
            "print.results.counts",
            answered=format_count(len(results.answers)),
            in_hand=format_count(results.in_hand),
        ),
        "told": texts("print.results.told"),
        "more": texts("print.results.more", host=host_of(order.base_url)),
        "own_words": texts("print.results.own_words", kind=kind),
        "answers": [
            {
                "subject": one.subject,
                "kind": answer_kind(one, texts, prefix="print.results.answer", kind=capitalised(kind)),
                "text": one.text,
            }
            for one in results.answers[:shown]
        ],
        "code": code_data(url),
    }


def produce_results(order: Order, results: RoundResults) -> list[Product]:
    """The poster and the picture, with as many answers as have room. Raise `Refused`."""
    texts = order.texts
    if not results.answers:
        raise Refused([texts("print.refused.no_answers", round=results.round.name)])
    if letters := _undrawn(order, results_data(order, results, MOST_ANSWERS, _PAPER)):
        raise Refused(letters)
    sources = {"fonts": order.fonts, "templates": order.templates}
    poster = _fitted(order, results, _PAPER, lambda data: typeset("results.typ", data, **sources))
    picture = _fitted(order, results, _PICTURE, lambda data: draw("results.typ", data, **sources))
    if problems := [describe_fault(one, texts) for one in (*prove_pdf(poster), *prove_png(picture))]:
        raise Refused(problems)
    name = texts("print.file.results", ward=order.box.ward.code)
    return [
        Product(path=f"{name}-a3.pdf", content=poster.content, codes=1),
        Product(path=f"{name}.png", content=picture.content, codes=1),
    ]


def _fitted(
    order: Order,
    results: RoundResults,
    size: tuple[float, float],
    make: Callable[[Mapping[str, Any]], Document],
) -> Document:
    """The one with the most answers that fits, and of these the one with the largest letters; raise `Refused`
    if one answer alone does not."""
    for shown in range(min(MOST_ANSWERS, len(results.answers)), 0, -1):
        document = make(results_data(order, results, shown, size))
        wrong = [line for line in document.lines if not line.fits]
        if not wrong:
            larger = (make(results_data(order, results, shown, size, enlarged)) for enlarged in _ENLARGED)
            return next((one for one in larger if all(line.fits for line in one.lines)), document)
    raise Refused([describe_line(one.place, one.product, one.text, order.texts) for one in wrong])


def _undrawn(order: Order, data: Mapping[str, Any]) -> list[str]:
    return [
        order.texts(
            "print.refused.no_glyph_ward",
            text=text,
            letters=", ".join(f"«{letter}» (U+{ord(letter):04X})" for letter in letters),
        )
        for text in dict.fromkeys(texts_in(data))
        if (letters := unprintable(text, order.fonts))
    ]
