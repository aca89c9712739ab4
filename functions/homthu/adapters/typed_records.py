"""What was typed into another system, as records, the same in every store."""

from datetime import date

from homthu.adapters.store_records import Record
from homthu.domain.rekeying.typed import Mark, Tick, TypedWeek
from homthu.domain.week import Week


def typed_week_record(typed: TypedWeek) -> Record:
    """All of a week's ticks but their id and revision; `year` is what they are found by."""
    return {
        "ward": typed.ward,
        "target": typed.target,
        "week": str(typed.week),
        "year": typed.week.year,
        "history": [_tick_record(tick) for tick in typed.ticks],
    }


def _tick_record(tick: Tick) -> Record:
    return {
        "row": tick.row,
        "mark": tick.mark.value,
        # Firestore takes no list within a list.
        "cells": [{"label": label, "value": value} for label, value in tick.cells],
        "who": tick.who,
        "on": tick.on.isoformat(),
    }


def typed_week_of(record: Record, revision: object) -> TypedWeek:
    """Read a week's ticks back."""
    return TypedWeek(
        ward=record["ward"],
        target=record["target"],
        week=Week.parse(record["week"]),
        ticks=tuple(
            Tick(
                row=tick["row"],
                mark=Mark(tick["mark"]),
                cells=tuple((cell["label"], cell["value"]) for cell in tick["cells"]),
                who=tick["who"],
                on=date.fromisoformat(tick["on"]),
            )
            for tick in record["history"]
        ),
        revision=revision,
    )
