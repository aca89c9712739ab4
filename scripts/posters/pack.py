"""The data a ward's pack is set from: everything in words, so that the templates only lay out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from homthu.domain.boxes.box import BetweenRounds, Box, Place
from homthu.domain.boxes.questionnaire import Question, QuestionKind, letter, say
from homthu.domain.boxes.round import Round, moment_at, rounds_around
from homthu.domain.week import local_date
from homthu.render.effort import MINUTES
from homthu.render.numbers import format_date, format_decimal
from homthu.render.texts import Texts

from posters.address import host_of, large_url, place_link, place_url
from posters.code import make_code
from posters.sizes import SIZES

#: In the order of the pack; each is one run of pages.
PRODUCTS = ("a4", "a3", "tent", "sticker", "slip", "strip")
#: Strips are printed for this many rounds from now: a year's, as wards plan them.
_STRIP_ROUNDS = 4
_STEPS = ("1", "2", "3")
_CHECKS = ("check_1", "check_2", "check_3", "check_4")


def serial_of(box: Box, place: Place, edition: int) -> str:
    """Identifies this print for people to read out: ward, place and edition."""
    return f"{box.ward.code}-{place.code.upper()}-{edition:02d}"


def former_of(place: Place, texts: Texts) -> str:
    """«trước thuộc phường Ngô Quyền», or empty."""
    return texts("print.former", former=place.former_ward) if place.former_ward else ""


def capitalised(name: str) -> str:
    """The text with a capital, as at the beginning of a line: «Phường Bắc Giang»."""
    return name[:1].upper() + name[1:]


def pack_data(box: Box, base_url: str, edition: int, now: datetime, texts: Texts) -> dict[str, Any]:
    """Everything `pack.typ` and `list.typ` set."""
    questionnaire = box.questionnaire
    rounds: list[Round | None] = [*coming_rounds(box, now)] or [None]
    return {
        **ward_data(box, base_url, texts),
        "products": PRODUCTS,
        "sizes": {
            product: {kind: size.side for kind, size in kinds.items()} for product, kinds in SIZES.items()
        },
        "distances": {
            product: texts("print.guide.distance_value", metres=format_decimal(kinds["main"].distance / 1000))
            for product, kinds in SIZES.items()
        },
        "round": round_data(rounds[0], box, texts),
        "rounds": [round_data(round_, box, texts) for round_ in rounds],
        "places": [_place(box, place, base_url, edition, texts) for place in box.places],
        "questions": question_groups(questionnaire.questions),
        "services": _lettered([say(service.label, "vi") for service in questionnaire.services]),
        "text_label": say(questionnaire.text_label, "vi"),
        "text_hint": say(questionnaire.text_hint, "vi"),
        "version": texts("print.slip.version", version=questionnaire.version),
    }


def ward_data(box: Box, base_url: str, texts: Texts) -> dict[str, Any]:
    """What every product of a ward shows."""
    ward = box.ward
    return {
        "title": f"{texts('page.title')} {ward.full_name}",
        "ward": {
            "name": capitalised(ward.full_name),
            "line": f"{ward.full_name}, {ward.province}".upper(),
        },
        "host": host_of(base_url),
        "phone": box.contact.phone,
        "emblem": None,
        "words": _words(box, base_url, texts),
    }


def coming_rounds(box: Box, now: datetime) -> list[Round]:
    """The round that is open, or the next, and those after it."""
    current = moment_at(box.rounds, now, box.closing_hours).current
    following = [r for r in rounds_around(box.rounds, local_date(now)) if r.opens_at > now]
    return ([current, *following] if current else following)[:_STRIP_ROUNDS]


def round_data(round_: Round | None, box: Box, texts: Texts) -> dict[str, Any]:
    """One strip: the dates of a round, and what holds outside of it.

    A yearly round bears no year in its name, so its dates say which one it is.
    """
    accepts = box.between_rounds is BetweenRounds.ACCEPT
    if round_:
        dates = {"opens": format_date(round_.opens_on), "closes": format_date(round_.closes_on)}
        line = texts("print.strip.round", name=round_.name, **dates)
    else:
        line = texts("print.strip.always" if accepts else "print.strip.blank")
    return {
        "line": line,
        "beside": texts("print.strip.accept" if accepts else "print.strip.close"),
        "sheet": {
            product: texts("print.strip.sheet", paper=product.upper(), round=line) for product in ("a4", "a3")
        },
    }


def question_groups(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The questions in the form's order with its numbers; ratings that follow one another share a table."""
    groups: list[dict[str, Any]] = []
    for labels, members in groupby(enumerate(questions, 1), key=_shared_scale):
        if labels:
            rows = [_question(number, question) for number, question in members]
            groups.append({"kind": QuestionKind.RATING, "labels": _lettered(labels), "questions": rows})
        else:
            groups += [_question(number, question) for number, question in members]
    return groups


def _shared_scale(numbered: tuple[int, Question]) -> tuple[str, ...]:
    question = numbered[1]
    is_rating = question.kind is QuestionKind.RATING
    return tuple(say(option.label, "vi") for option in question.options) if is_rating else ()


def _lettered(labels: Sequence[str]) -> list[dict[str, str]]:
    """Each with the letter by which it is typed in."""
    return [{"letter": letter(at), "label": label} for at, label in enumerate(labels)]


def _question(number: int, question: Question) -> dict[str, Any]:
    return {
        "kind": question.kind,
        "number": number,
        "text": say(question.text, "vi"),
        "required": question.required,
        "options": _lettered([say(option.label, "vi") for option in question.options]),
    }


def _place(box: Box, place: Place, base_url: str, edition: int, texts: Texts) -> dict[str, Any]:
    urls = {"main": place_url(base_url, place), "large": large_url(base_url, place)}
    return {
        "code": place.code,
        "name": place.name,
        "former": former_of(place, texts),
        "serial": serial_of(box, place, edition),
        "url": urls["main"],
        "large_url": urls["large"],
        "link": place_link(base_url, place),
        "codes": {kind: code_data(url) for kind, url in urls.items()},
    }


def code_data(url: str) -> dict[str, Any]:
    """A code as the templates take it."""
    code = make_code(url)
    return {"url": url, "svg": code.svg, "modules": code.modules}


def _words(box: Box, base_url: str, texts: Texts) -> Mapping[str, Any]:
    ward, contact = box.ward, box.contact
    plain = (
        "title",
        "question",
        "emblem",
        "tap",
        "tap_hint",
        "place",
        "promise",
        "large",
        "large_hint",
        "help",
        "serial",
    )
    return {
        **{key: texts(f"print.{key}") for key in plain},
        "no_name": texts("print.no_name", minutes=MINUTES),
        "purpose": texts("print.purpose", authority=ward.authority),
        "warning": texts("print.warning", authority=ward.authority),
        "steps": [texts(f"print.steps.{step}") for step in _STEPS],
        "strip": {"how": texts("print.strip.how")},
        "guide": {
            **{
                key: texts(f"print.guide.{key}")
                for key in ("title", "product", "pages", "paper", "distance", "how", "after", "scale", "rule")
            },
            "lead": texts("print.guide.lead", ward=capitalised(ward.full_name), province=ward.province),
            "checks": [texts(f"print.guide.{key}", host=host_of(base_url)) for key in _CHECKS],
        },
        **{
            table: {product: texts(f"print.{table}.{product}") for product in PRODUCTS}
            for table in ("product", "paper", "how")
        },
        "slip": {
            **{
                key: texts(f"print.slip.{key}")
                for key in ("title", "how", "or_scan", "optional", "service", "question", "drop")
            },
            "complaint": texts(
                "print.slip.complaint",
                reception=contact.reception,
                hours=contact.reception_hours,
                phone=contact.phone,
            ),
        },
        "list": {
            **{
                key: texts(f"print.list.{key}")
                for key in ("title", "number", "place", "code", "large_url", "link")
            },
            "subtitle": texts(
                "print.list.subtitle", ward=ward.full_name, province=ward.province, code=ward.code
            ),
            "contact": texts("print.list.contact", phone=contact.phone, count=len(box.places)),
        },
    }
