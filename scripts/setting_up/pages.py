"""Renders the set-up pages: what every page has, and the rows and fields of a step."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from homthu.render.texts import Texts
from jinja2 import Environment

from setting_up.checking import Fault
from setting_up.steps import PLACE_KINDS, READS, ROW_KEYS, STEPS, Field, Input, Step
from setting_up.typed import value_at
from setting_up.workplace import Table

#: How many empty rows a list offers, and how many if somebody asked for more.
_SPARE_ROWS, _MORE_ROWS = 1, 6
_YEARLY = re.compile(r"([0-9]{2})-([0-9]{2})")
#: The pages after the steps, in the order in which an office comes to them.
AFTER = ("cau-hoi", "luu", "in", "tap-duot", "thu-dien-tu", "chuyen", "chay")


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldView:
    """One value as a page shows it."""

    name: str
    label: str
    hint: str
    input: str
    value: str
    choices: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RowView:
    """One row of a list: its values by key, and what is wrong with each."""

    number: int
    values: Mapping[str, Any]
    faults: Mapping[str, Sequence[str]]
    printed: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of the list of pages."""

    name: str
    label: str
    state: str
    is_here: bool
    is_open: bool


class PageMaker:
    """Fills in the templates."""

    def __init__(self, texts: Texts, templates: Environment) -> None:
        self._texts = texts
        self._templates = templates

    def page(
        self, template: str, here: str, faults: Sequence[Fault], *, has_draft: bool, **values: Any
    ) -> str:
        """A page, with the list of all pages beside it."""
        entries = [
            *(self._entry(step.name, here, faults, is_open=has_draft) for step in STEPS),
            *(self._entry(name, here, (), is_open=has_draft or name == "chuyen") for name in AFTER),
        ]
        shown = self._templates.get_template(f"setup/{template}.html")
        return shown.render(t=self._texts, entries=entries, here=here, **values)

    def _entry(self, name: str, here: str, faults: Sequence[Fault], *, is_open: bool) -> Entry:
        count = sum(fault.step == name for fault in faults)
        is_step = any(step.name == name for step in STEPS)
        state = self._texts("setup.step_faults", count=count) if count else self._texts("setup.step_fine")
        return Entry(
            name=name,
            label=self._texts(f"setup.name.{name}"),
            state=state if is_step and is_open else "",
            is_here=name == here,
            is_open=is_open,
        )

    def fields(
        self,
        fields: Sequence[Field],
        table: Table,
        faults: Sequence[Fault],
        targets: Mapping[str, str] = MappingProxyType({}),
    ) -> list[FieldView]:
        """Single values with what is wrong with each; `targets` are what can be typed into."""
        return [self._field(field, table, faults, targets) for field in fields]

    def _field(
        self, field: Field, table: Table, faults: Sequence[Fault], targets: Mapping[str, str]
    ) -> FieldView:
        value = value_at(table, field.path)
        text = "\n".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
        hint, choices = f"setup.hint.{field.path}", self.choices(field.choices)
        if field.input is Input.TARGET:
            choices = self._targets(text, targets)
        return FieldView(
            name=field.path,
            label=self._texts(f"setup.field.{field.path}"),
            hint=self._texts(hint) if hint in self._texts else "",
            input=Input.CHOICE.value if choices else field.input.value,
            value=text,
            choices=tuple(choices),
            faults=tuple(fault.sentence for fault in faults if fault.field == field.path),
        )

    def _targets(self, chosen: str, targets: Mapping[str, str]) -> list[tuple[str, str]]:
        """None, and every target by its name and title; one that is chosen and lies nowhere stays chosen."""
        known = {**targets, chosen: targets.get(chosen, "")} if chosen else targets
        said = [(name, f"{name} – {title}" if title else name) for name, title in known.items()]
        return [("", self._texts("setup.no_target")), *said]

    def rows(
        self,
        step: Step,
        table: Table,
        faults: Sequence[Fault],
        printed: Mapping[str, str],
        this_year: int,
        *,
        wants_more: bool,
    ) -> list[RowView]:
        """The rows of a list, and some empty ones."""
        found = table.get(step.rows)
        rows = [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []
        views = []
        for number, row in enumerate(
            [*rows, *({} for _ in range(_MORE_ROWS if wants_more else _SPARE_ROWS))]
        ):
            own: dict[str, list[str]] = {}
            for fault in faults:
                head, _, key = fault.field.removeprefix(f"{step.rows}.").partition(".")
                if fault.field.startswith(f"{step.rows}.") and head == str(number):
                    own.setdefault(key.partition(".")[0], []).append(fault.sentence)
            code = str(row.get("code", ""))
            values = _dated(row, this_year) if step.rows == "rounds" else row
            views.append(
                RowView(
                    number=number, values=values, faults=own, printed=printed.get(code, "") if code else ""
                )
            )
        return views

    def columns(self, step: Step) -> list[tuple[str, str]]:
        """What each typed value of a row is called, and what it is for."""
        paths = [f"{step.rows}.{key}" for key in ROW_KEYS.get(step.rows, ()) if step.rows]
        named = [(f"setup.field.{path}", f"setup.hint.{path}") for path in paths]
        return [(self._texts(label), self._texts(hint)) for label, hint in named if hint in self._texts]

    def choices(self, names: Sequence[str]) -> list[tuple[str, str]]:
        """The values to choose from, with their labels."""
        return [(name, self._texts(f"setup.choice.{name}")) for name in names]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds of places."""
        return self.choices(PLACE_KINDS)

    @property
    def reads(self) -> list[tuple[str, str]]:
        """What a recipient may read."""
        return self.choices(READS)


def _dated(row: Mapping[str, Any], this_year: int) -> dict[str, Any]:
    """A round with days that a calendar takes: a yearly one in this year, and marked."""
    days = {key: str(row.get(key, "")) for key in ("opens", "closes")}
    is_yearly = (
        bool(row) and all(_YEARLY.fullmatch(day) for day in days.values() if day) and any(days.values())
    )
    shown = {key: f"{this_year:04}-{day}" if _YEARLY.fullmatch(day) else day for key, day in days.items()}
    return {**row, **shown, "yearly": is_yearly or not row}
