"""Reads one ward's file into a box."""

import re
from collections.abc import Collection, Mapping, Sequence

from homthu.adapters.box_files import recipients, rounds
from homthu.adapters.box_files.problems import Notes
from homthu.adapters.box_files.questionnaire import read_questionnaire
from homthu.adapters.box_files.reader import Reader, note_repeats, note_schema
from homthu.adapters.box_files.time_limits import read_deadlines, read_retention
from homthu.domain.boxes.box import (
    BetweenRounds,
    Box,
    Clerk,
    Contact,
    LetterHead,
    Place,
    PlaceKind,
    Plan,
    ReportStyle,
    Ward,
)
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.boxes.round import RoundRule
from homthu.domain.boxes.telephone import dialled
from homthu.domain.text import spelling

KEYS = (
    "schema",
    "questionnaire",
    "between_rounds",
    "closing_hours",
    "results",
    "ward",
    "contact",
    "plan",
    "places",
    "rounds",
    "report",
    "recipients",
    "operator",
    "deadlines",
    "retention",
    "units",
    "answers",
    "clerks",
    "target",
)
_WARD_KEYS = ("code", "kind", "name", "province", "authority", "former_names", "emblem")
_CONTACT_KEYS = ("reception", "reception_hours", "phone")
_PLAN_KEYS = ("number", "dated", "issuer", "basis")
_PLACE_KEYS = ("code", "name", "kind", "former_ward")
_REPORT_KEYS = (
    "head",
    "superior",
    "issuer",
    "symbol",
    "place_name",
    "committee",
    "signer_authority",
    "signer_title",
    "copies_to",
)
_WARD_CODE = re.compile(r"[0-9]{5}")
_PLACE_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,19}")
_PHONE = re.compile(r"[0-9+(][0-9 ().-]{2,24}")
_RESULTS = re.compile(r"https://[A-Za-z0-9.-]+(?:/[\x21-\x7e]*)?|/[a-z0-9/-]*")
_EMBLEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.(?:svg|png)")
_SYMBOL = re.compile(r"[^\W\d_]+(?:[/-][^\W\d_]+)+")
_MOST_CLOSING_HOURS = 168


def read_box(
    table: object,
    notes: Notes,
    questionnaires: Mapping[str, Questionnaire],
    targets: Collection[str] | None = None,
) -> Box:
    """The box in a parsed file; what is wrong with it is noted, and left empty in the box.

    `targets` are the names of the existing targets; None accepts any.
    """
    root = Reader(table, notes, KEYS)
    note_schema(root)
    ward = _read_ward(root.table("ward", _WARD_KEYS))
    places = root.tables("places", _PLACE_KEYS, least=1, most=300)
    writes_to = root.tables("recipients", recipients.KEYS, least=1, most=30)
    between_rounds = root.one_of("between_rounds", BetweenRounds)
    return Box(
        ward=ward,
        contact=_read_contact(root.table("contact", _CONTACT_KEYS)),
        plan=_read_plan(root.table("plan", _PLAN_KEYS)),
        places=_read_places(places, ward),
        rounds=_read_rounds(root, between_rounds),
        between_rounds=between_rounds,
        closing_hours=root.whole("closing_hours", low=0, high=_MOST_CLOSING_HOURS),
        results=root.code("results", _RESULTS, "bad_results", is_optional=True),
        questionnaire=_find_questionnaire(root, questionnaires),
        report=_read_report(root.table("report", _REPORT_KEYS)),
        recipients=recipients.read_recipients(writes_to),
        operator=recipients.read_recipient(root.table("operator", recipients.OPERATOR_KEYS)),
        deadlines=read_deadlines(root, "deadlines"),
        retention=read_retention(root),
        units=recipients.read_units(root.tables("units", recipients.UNIT_KEYS, least=0, most=60)),
        answers=recipients.read_answers(root.tables("answers", recipients.ANSWER_KEYS, least=0, most=60)),
        clerks=_read_clerks(root),
        target=_find_target(root, targets),
    )


def _read_clerks(root: Reader) -> tuple[Clerk, ...]:
    clerks = recipients.read_clerks(root.tables("clerks", recipients.CLERK_KEYS, least=0, most=20))
    if clerks and not root.text("target", most=40, is_optional=True) and not root.is_noted("target"):
        root.note("clerks", "clerks_without_target")
    return clerks


def _find_target(root: Reader, targets: Collection[str] | None) -> str:
    name = root.text("target", most=40, is_optional=True)
    if name and targets is not None and name not in targets:
        root.note("target", "unknown_target", value=name, known=", ".join(sorted(targets)) or "–")
        return ""
    return name


def _read_ward(reader: Reader) -> Ward:
    return Ward(
        code=reader.code("code", _WARD_CODE, "bad_ward_code"),
        kind=reader.text("kind", most=20),
        name=reader.text("name", most=60),
        province=reader.text("province", most=60),
        authority=reader.text("authority", most=80),
        former_names=reader.texts("former_names", most=30, longest=80, is_optional=True),
        emblem=reader.code("emblem", _EMBLEM, "bad_emblem", is_optional=True),
    )


def _read_contact(reader: Reader) -> Contact:
    return Contact(
        reception=reader.text("reception", most=160),
        reception_hours=reader.text("reception_hours", most=120),
        phone=_read_phone(reader),
    )


def _read_phone(reader: Reader) -> str:
    """One number that a telephone can dial: the page makes a link of it."""
    phone = reader.code("phone", _PHONE, "bad_phone")
    if phone and not dialled(phone):
        reader.note("phone", "bad_phone", value=phone)
    return phone


def _read_plan(reader: Reader) -> Plan:
    return Plan(
        number=reader.text("number", most=40),
        dated=reader.text("dated", most=40),
        issuer=reader.text("issuer", most=120),
        basis=reader.texts("basis", most=20, longest=400),
    )


def _read_places(readers: Sequence[Reader], ward: Ward) -> tuple[Place, ...]:
    places = tuple(
        Place(
            code=reader.code("code", _PLACE_CODE, "bad_place_code"),
            name=reader.text("name", most=80),
            kind=reader.one_of("kind", PlaceKind),
            former_ward=reader.text("former_ward", most=80, is_optional=True),
        )
        for reader in readers
    )
    note_repeats(readers, "code", [place.code for place in places])
    # Two places of one name cannot be told apart in a report, nor on swapped posters.
    note_repeats(readers, "name", [place.name and _sign(place) for place in places])
    former_names = {spelling(name) for name in ward.former_names}
    for reader, place in zip(readers, places, strict=True):
        if place.former_ward and former_names and spelling(place.former_ward) not in former_names:
            reader.note("former_ward", "not_a_former_name", value=place.former_ward)
    return places


def _sign(place: Place) -> str:
    """What a citizen reads of a place, as it is compared."""
    name = spelling(place.name)
    return f"{name} ({spelling(place.former_ward)})" if place.former_ward else name


def _read_rounds(root: Reader, between_rounds: BetweenRounds) -> tuple[RoundRule, ...]:
    readers = root.tables("rounds", rounds.KEYS, least=0, most=60)
    if not readers and between_rounds is BetweenRounds.CLOSE and not root.is_noted("rounds"):
        root.note("rounds", "no_rounds")
    return rounds.read_rounds(readers)


def _find_questionnaire(root: Reader, questionnaires: Mapping[str, Questionnaire]) -> Questionnaire:
    version = root.text("questionnaire", most=40)
    if version in questionnaires:
        return questionnaires[version]
    if version:
        known = ", ".join(questionnaires) or "–"
        root.note("questionnaire", "unknown_questionnaire", value=version, known=known)
    return read_questionnaire(version, None, Notes(root.notes.file))


def _read_report(reader: Reader) -> ReportStyle:
    return ReportStyle(
        head=reader.one_of("head", LetterHead),
        superior=reader.text("superior", most=120, is_optional=True),
        issuer=reader.text("issuer", most=120),
        symbol=reader.code("symbol", _SYMBOL, "bad_symbol"),
        place_name=reader.text("place_name", most=60),
        committee=reader.text("committee", most=120),
        signer_authority=reader.text("signer_authority", most=80),
        signer_title=reader.text("signer_title", most=80),
        copies_to=reader.texts("copies_to", most=20, longest=120),
    )
