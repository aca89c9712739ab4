"""The index of a case: the days that stores keep beside its history, derived from it.

A ward has some dozens of cases that are open or have changed lately, and after ten years five thousand
others. By these days a store finds the first ones without reading the rest.
"""

from dataclasses import dataclass
from typing import Self

from homthu.domain.cases.case import Case


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseIndex:
    """Days as `2026-11-30`; all but `changed_on` are empty where there is none.

    `open_since` is that on which a case that is open, or whose answer promises something by a day, was
    opened, or reopened last, `changed_on` that of the newest step, `answered_on` that of the answer that
    everyone may read, `promised_by` that by which the answer promises something, `over_since` that since
    when a matter stands with which the ward is done, for nobody has erased it yet.
    """

    open_since: str
    changed_on: str
    answered_on: str
    promised_by: str
    over_since: str

    @classmethod
    def of(cls, case: Case) -> Self:
        """The index of a case in its current state."""
        answer = case.public_answer
        return cls(
            open_since=str(case.since) if case.is_in_hand else "",
            changed_on=str(max(event.on for event in case.history)),
            answered_on=str(answer.on) if answer else "",
            promised_by=str(case.promised or ""),
            over_since=str(case.stands_since) if case.is_over else "",
        )
