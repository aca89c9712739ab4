"""The check from outside the box, every ten minutes: does it answer, and is everything well?

It is not part of the box's own process: a dead process cannot say so. A problem is reported when seen twice
in a row (a restart is no alarm), then once a day until it is solved, which is reported, too.
"""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from homthu.log import log

from own_server.facts import Fact, certificate, machine_facts
from own_server.health import ask_health
from own_server.layout import DEFAULT_PORT, Layout
from own_server.people import tell_people
from own_server.settings import ServerSettings

_AGAIN = timedelta(days=1)
#: Seen by the box alone, in the words of the person who is told; the rest the look sees for itself.
_TOLD = {
    "reports": "báo cáo thứ Hai bị trễ / Monday's report is overdue",
    "store": "kho không ghi được, hòm thư đang tạm ngừng nhận / the store takes nothing",
    "jobs": "một việc theo lịch làm mãi chưa xong / a job of the schedule keeps failing",
    "look": "hòm thư không tự xem được máy / the box cannot look at its machine",
}
State = dict[str, dict[str, Any]]


def facts_seen(layout: Layout, settings: ServerSettings, now: datetime) -> list[Fact]:
    """Everything that can be known of the box and its machine now."""
    found = [_answers(), *machine_facts(layout.data, settings, now)]
    proxy = os.environ.get("HOMTHU_PROXY_HOST", "127.0.0.1")
    if shown := certificate(os.environ.get("HOMTHU_BASE_URL", ""), now, host=proxy):
        found.append(shown)
    return found


def _answers() -> Fact:
    """Whether the box answers at all, and what it says of itself."""
    try:
        status, said = ask_health(os.environ.get("HOMTHU_PORT", DEFAULT_PORT))
    except OSError as error:
        told = f"hòm thư không trả lời / the box does not answer ({type(error).__name__})"
        return Fact(name="answers", is_well=False, told=told)
    # What this check sees for itself is not reported twice.
    ill = [told for name, told in _TOLD.items() if said.get(name, "yes") not in ("yes", "in time")]
    told = "; ".join(ill) or f"hòm thư trả lời / the box answers: {said.get('version', status)}"
    return Fact(name="answers", is_well=not ill, told=told)


def look(layout: Layout, settings: ServerSettings, now: datetime) -> bool:
    """Check once and report what is to be reported; whether all is well."""
    facts = facts_seen(layout, settings, now)
    path = Path(os.environ.get("RUNTIME_DIRECTORY", layout.data)) / "looked.json"
    before = _read(path)
    state, due, mended = next_state(before, facts, now)
    for fact in facts:
        log("looked", "INFO" if fact.is_well else "ERROR", fact=fact.name, is_well=fact.is_well)
    if due and tell_people(layout.data, settings, _line(due), _text(due)).is_anybody:
        for fact in due:
            state[fact.name]["told"] = now.isoformat()
    if mended:
        tell_people(layout.data, settings, "Hòm thư góp ý đã ổn: " + ", ".join(sorted(mended)))
    # On a full disk the same is told again at the next look; better than not at all.
    path.write_text(json.dumps(state), "utf-8")
    return all(fact.is_well for fact in facts)


def next_state(before: State, facts: list[Fact], now: datetime) -> tuple[State, list[Fact], list[str]]:
    """What is remembered from now on, what is to be reported now, and what is well again after a report."""
    state: State = {}
    due: list[Fact] = []
    for fact in facts:
        if fact.is_well:
            continue
        known = before.get(fact.name, {})
        times = int(known.get("times", 0)) + 1
        told = known.get("told")
        state[fact.name] = {"times": times, "told": told}
        is_old = told is None or not timedelta() <= now - datetime.fromisoformat(told) < _AGAIN
        if times >= 2 and is_old:
            due.append(fact)
    well = {fact.name for fact in facts if fact.is_well}
    return state, due, [name for name, known in before.items() if name in well and known.get("told")]


def _line(facts: list[Fact]) -> str:
    return "Hòm thư góp ý cần xem: " + "; ".join(fact.told.partition(" / ")[0] for fact in facts)


def _text(facts: list[Fact]) -> str:
    lines = [f"- {fact.told}" for fact in facts]
    return "\n".join(
        ["Hòm thư góp ý cần người xem:", *lines, "", "Trên máy chủ / on the server: hom-thu status"]
    )


def _read(path: Path) -> State:
    try:
        found: State = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found
