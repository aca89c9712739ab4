"""Monday's mail says which units do not know what they have to do, because their mail came back."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import box
from desk_side import UNITS
from homthu.adapters.web_files import load_texts
from homthu.domain.cases.case import ActionKind, Case, CaseAction, CaseEvent
from homthu.domain.cases.unit_mail import Task
from homthu.domain.reports.ledger import DeliveryState
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.week import Week
from homthu.render.report.headline import headline
from homthu.render.report.names import Names
from report_harness import ReportHarness, monday
from samples import A_UNIT_MAIL

WEEK = Week(2026, 47)
TEXTS = load_texts("vi")
ASSIGN = CaseAction(kind=ActionKind.ASSIGN, text=UNITS[0].name, due_on=WEEK.sunday)


@pytest.mark.parametrize(
    ("state", "more", "is_told"),
    [
        (DeliveryState.BOUNCED, (), True),
        (DeliveryState.SENT, (), False),
        (DeliveryState.BOUNCED, (ActionKind.REPORT,), False),
        (DeliveryState.BOUNCED, (ActionKind.CLOSE,), False),
    ],
    ids=["came back", "was sent", "done since", "closed since"],
)
def test_monday_s_mail_names_the_units_that_were_not_told(
    state: DeliveryState, more: tuple[ActionKind, ...], is_told: bool
) -> None:
    harness = ReportHarness(box=replace(box(), units=UNITS))
    harness.receive(WEEK.begins_at + timedelta(hours=9))
    actions = [CaseAction(kind=ActionKind.OPEN), ASSIGN, *(CaseAction(kind=one, text="Xong") for one in more)]
    harness.store.create_case(
        Case(
            id="c1",
            ward=harness.ward,
            place="p",
            service="",
            week=WEEK,
            is_petition=False,
            history=tuple(
                CaseEvent(action=action, who="A", on=WEEK.monday, idempotency_key=str(number))
                for number, action in enumerate(actions)
            ),
        )
    )
    harness.store.owe_unit_mail(
        replace(
            A_UNIT_MAIL,
            ward=harness.ward,
            unit=UNITS[0].name,
            state=state,
            tasks=(Task(case="c1", step=1), Task(case="gone", step=1)),
        )
    )
    first_lines = []

    def render(report: WeeklyReport, suggestions: Iterable[Suggestion]) -> bytes:
        first_lines.append(headline(report, Names(report=report, texts=TEXTS))[0].text)
        return b"Subject: x\r\n\r\nx"

    harness.render = render
    assert harness.report(monday(WEEK)).is_well
    told = f"Thư giao việc bị trả lại: {UNITS[0].name}."
    assert [told in line for line in first_lines] == [is_told] * len(first_lines)
    assert first_lines
