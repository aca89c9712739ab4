"""Plausible cases, and what a report tells of them."""

from datetime import date
from typing import Any

from builders import WEEK
from homthu.domain.cases.case import ActionKind, Case, CaseAction, CaseEvent, CaseState
from homthu.domain.cases.statistics import CaseStatistics, CaseSummary
from homthu.domain.week import Week

W47 = Week(2026, 47)
OPEN = CaseAction(kind=ActionKind.OPEN)


def day(number: int) -> date:
    """A day of November 2026, in which weeks begin on the 2nd, 9th, 16th, 23rd and 30th."""
    return date(2026, 11, number)


def a_case(*events: tuple[int, CaseAction], id: str = "c", is_petition: bool = False) -> Case:
    """A case with these deeds, each on its day of November."""
    return Case(
        id=id,
        ward="07207",
        place="p",
        service="",
        week=W47,
        is_petition=is_petition,
        history=tuple(
            CaseEvent(action=action, who="A", on=day(on), idempotency_key=str(n))
            for n, (on, action) in enumerate(events)
        ),
    )


def summary(
    about: str = "Máy lấy số hay hỏng, bà con không biết đến lượt ai.", **changes: Any
) -> CaseSummary:
    """A case that was assigned and is not due yet."""
    values: dict[str, Any] = {
        "id": "5" * 32,
        "name": "47-12",
        "about": about,
        "is_petition": False,
        "place": "tt01",
        "service": "chung_thuc",
        "week": WEEK.shift(-1),
        "opened_on": day(23),
        "state": CaseState.ASSIGNED,
        "unit": "Văn phòng UBND phường",
        "due_on": date(2026, 12, 4),
        "overdue_days": 0,
        "is_public": False,
        "ended_on": None,
    }
    return CaseSummary(**(values | changes))


def case_statistics(*cases: CaseSummary, more: int = 0) -> CaseStatistics:
    """Five cases of the builders' week: one in each state, and one overdue."""
    given = cases or (
        summary(
            "Đèn đường ngõ 12 hỏng hai tuần nay chưa sửa, đã báo tổ trưởng.",
            unit="Tổ dân phố số 5",
            due_on=day(27),
            overdue_days=3,
        ),
        summary(state=CaseState.RECEIVED, unit="", due_on=None),
        summary("", is_petition=True, place="", service=""),
        summary(
            "Sáng thứ Hai chờ lâu ở quầy chứng thực",
            state=CaseState.ANSWERED,
            is_public=True,
            ended_on=day(26),
        ),
        summary(state=CaseState.CLOSED, unit="", due_on=None, ended_on=day(25)),
    )
    open_ = [one for one in given if one.ended_on is None]
    return CaseStatistics(
        is_used=True,
        carried=2,
        taken=len(given) - 2,
        done=len(given) - len(open_),
        open=len(open_),
        unassigned=sum(not one.unit for one in open_),
        overdue=sum(bool(one.overdue_days) for one in open_),
        cases=given,
        more=more,
    )
