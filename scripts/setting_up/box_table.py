"""A box as the tables of its file, the inverse of `read_box`."""

from dataclasses import asdict
from typing import Any

from homthu.adapters.box_files.reader import SCHEMA
from homthu.domain.boxes.box import Box, Clerk, Place, Recipient, Unit
from homthu.domain.boxes.round import RoundRule


def table_of(box: Box) -> dict[str, Any]:
    """The tables, in the order of the example files."""
    ward, contact, plan, report = box.ward, box.contact, box.plan, box.report
    return {
        "schema": SCHEMA,
        "questionnaire": box.questionnaire.version,
        "between_rounds": box.between_rounds.value,
        "closing_hours": box.closing_hours,
        "results": box.results,
        **({"target": box.target} if box.target else {}),
        "ward": {
            "code": ward.code,
            "kind": ward.kind,
            "name": ward.name,
            "province": ward.province,
            "authority": ward.authority,
            "former_names": list(ward.former_names),
            "emblem": ward.emblem,
        },
        "contact": {
            "reception": contact.reception,
            "reception_hours": contact.reception_hours,
            "phone": contact.phone,
        },
        "plan": {
            "number": plan.number,
            "dated": plan.dated,
            "issuer": plan.issuer,
            "basis": list(plan.basis),
        },
        "report": {
            "head": report.head.value,
            "superior": report.superior,
            "issuer": report.issuer,
            "symbol": report.symbol,
            "place_name": report.place_name,
            "committee": report.committee,
            "signer_authority": report.signer_authority,
            "signer_title": report.signer_title,
            "copies_to": list(report.copies_to),
        },
        "recipients": [
            {**_person(one), "reads": sorted(reads.value for reads in one.reads)} for one in box.recipients
        ],
        "operator": _person(box.operator),
        # A list that may be missing is missing rather than empty.
        **({"clerks": [_person(clerk) for clerk in box.clerks]} if box.clerks else {}),
        **({"units": [_person(unit) for unit in box.units]} if box.units else {}),
        "retention": asdict(box.retention),
        "deadlines": {
            "assign": box.deadlines.assign,
            "answer": box.deadlines.answer,
            "holidays": [_day(day) for day in box.deadlines.calendar.holidays],
        },
        "rounds": [_round(rule) for rule in box.rounds],
        "places": [_place(place) for place in box.places],
        **({"answers": [asdict(one) for one in box.answers]} if box.answers else {}),
    }


def _person(one: Recipient | Unit | Clerk) -> dict[str, Any]:
    return {"name": one.name, "email": one.email}


def _round(rule: RoundRule) -> dict[str, Any]:
    return {"code": rule.code, "name": rule.name, "opens": _day(rule.opens), "closes": _day(rule.closes)}


def _day(day: tuple[int, int, int]) -> str:
    year, month, date = day
    return f"{year:04}-{month:02}-{date:02}" if year else f"{month:02}-{date:02}"


def _place(place: Place) -> dict[str, Any]:
    table = {"code": place.code, "name": place.name, "kind": place.kind.value}
    return {**table, "former_ward": place.former_ward} if place.former_ward else table
