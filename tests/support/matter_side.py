"""A member's hands on matters: texts joined, parted and handled in a closed week."""

from datetime import date
from itertools import count

from builders import SIGNS
from case_builders import day
from homthu.domain.cases.case import (
    Case,
    CaseAction,
)
from homthu.domain.cases.matter import Actor
from homthu.domain.submissions.reference import make_key, reference_of
from homthu.services.cases import act_on_case
from homthu.services.lookup import look_up
from homthu.services.matters import join_case, part_case
from report_harness import SECRETS, ReportHarness

LAMP = "Đèn đường ngõ 12 hỏng"
SAID = [LAMP, f"{LAMP}, tối quá", f"Xin sửa đèn: {LAMP.lower()}", "Vỉa hè chợ bị lấn chiếm"]
KEYS = (f"key-{number}" for number in count())


def id_of(harness: ReportHarness, number: int) -> str:
    (id,) = (one.id for one in harness.store.everything(harness.ward) if one.submission.text == SAID[number])
    return id


NOV_24, NOV_25 = day(24), day(25)


def actor(on: date = NOV_24) -> Actor:
    return Actor(who="Bí thư", on=on, idempotency_key=next(KEYS))


def join(harness: ReportHarness, number: int, to: int, by: Actor | None = None) -> Case:
    id, store = id_of(harness, number), harness.store
    case = store.case(id)
    seen = len(case.history) if case else 0
    return join_case(
        store,
        store,
        SIGNS,
        ward=harness.ward,
        id=id,
        to=id_of(harness, to),
        seen=seen,
        by=by or actor(),
    )


def part(harness: ReportHarness, number: int, by: Actor | None = None) -> Case:
    case = case_of(harness, number)
    return part_case(harness.store, ward=harness.ward, id=case.id, seen=len(case.history), by=by or actor())


def case_of(harness: ReportHarness, number: int) -> Case:
    case = harness.store.case(id_of(harness, number))
    assert case
    return case


def act(harness: ReportHarness, number: int, action: CaseAction, on: date = NOV_25) -> Case:
    case = case_of(harness, number)
    return act_on_case(
        harness.store,
        ward=harness.ward,
        id=case.id,
        seen=len(case.history),
        action=action,
        who="Phó bí thư",
        on=on,
        idempotency_key=next(KEYS),
    )


def found(harness: ReportHarness, number: int) -> Case | None:
    """The case that the author of a text is told of."""
    reference = reference_of(make_key((number + 1).to_bytes(16)))
    looked_up = look_up(harness.store, harness.store, harness.store, SECRETS, reference)
    assert looked_up
    return looked_up.case
