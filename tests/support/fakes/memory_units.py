"""Mails to units, verdicts, and what was typed into another system, in memory."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from threading import Lock
from typing import TypeVar

from homthu.domain.cases.unit_mail import UnitMail
from homthu.domain.cases.verdict import Verdict
from homthu.domain.rekeying.typed import TypedWeek
from homthu.domain.reports.ledger import DeliveryState
from homthu.domain.week import Week
from homthu.ports import Conflict

_Kept = TypeVar("_Kept", UnitMail, Verdict, TypedWeek)


class MemoryUnits:
    """Three dictionaries, and the lock of the whole store."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._revisions = count(1)
        self.unit_mails: dict[str, UnitMail] = {}
        self.verdicts: dict[str, Verdict] = {}
        self.kept_typed_weeks: dict[str, TypedWeek] = {}

    def owe_unit_mail(self, mail: UnitMail) -> None:
        with self._lock:
            self.unit_mails.setdefault(mail.id, replace(mail, revision=next(self._revisions)))

    def unit_mail(self, id: str) -> UnitMail | None:
        with self._lock:
            return self.unit_mails.get(id)

    def replace_unit_mail(self, old: UnitMail, new: UnitMail) -> UnitMail:
        with self._lock:
            return self._replaced(self.unit_mails, old, new)

    def owed_unit_mails(self, ward: str) -> list[UnitMail]:
        return [mail for mail in self._unit_mails_of(ward) if mail.state.is_owed]

    def bounced_unit_mails(self, ward: str) -> list[UnitMail]:
        return [mail for mail in self._unit_mails_of(ward) if mail.state is DeliveryState.BOUNCED]

    def _unit_mails_of(self, ward: str) -> list[UnitMail]:
        with self._lock:
            found = sorted(self.unit_mails.values(), key=lambda mail: mail.id)
        return [mail for mail in found if mail.ward == ward]

    def create_verdict(self, verdict: Verdict) -> Verdict:
        with self._lock:
            if verdict.id in self.verdicts:
                raise Conflict(verdict.id)
            self.verdicts[verdict.id] = replace(verdict, revision=next(self._revisions))
            return self.verdicts[verdict.id]

    def replace_verdict(self, old: Verdict, new: Verdict) -> Verdict:
        with self._lock:
            return self._replaced(self.verdicts, old, new)

    def verdict(self, id: str) -> Verdict | None:
        with self._lock:
            return self.verdicts.get(id)

    def verdicts_of(self, ward: str, *weeks: Week) -> Iterator[Verdict]:
        with self._lock:
            found = sorted(self.verdicts.values(), key=lambda verdict: verdict.id)
        return (one for one in found if one.ward == ward and one.week in weeks)

    def typed_weeks(self, ward: str, year: int) -> Iterator[TypedWeek]:
        with self._lock:
            found = sorted(self.kept_typed_weeks.values(), key=lambda one: one.id)
        return (one for one in found if (one.ward, one.week.year) == (ward, year))

    def create_typed_week(self, typed: TypedWeek) -> TypedWeek:
        with self._lock:
            if typed.id in self.kept_typed_weeks:
                raise Conflict(typed.id)
            self.kept_typed_weeks[typed.id] = replace(typed, revision=next(self._revisions))
            return self.kept_typed_weeks[typed.id]

    def replace_typed_week(self, old: TypedWeek, new: TypedWeek) -> TypedWeek:
        with self._lock:
            return self._replaced(self.kept_typed_weeks, old, new)

    def _replaced(self, kept: dict[str, _Kept], old: _Kept, new: _Kept) -> _Kept:
        stored = kept.get(old.id)
        if stored is None or stored.revision != old.revision:
            raise Conflict(old.id)
        kept[old.id] = replace(new, revision=next(self._revisions))
        return kept[old.id]
