"""What every set-up page needs."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, abort, redirect
from homthu.ports import Clock
from homthu.render.texts import Texts
from werkzeug.wrappers import Response as AnyResponse

from setting_up.checking import Fault, faults_of
from setting_up.pages import PageMaker
from setting_up.previews import Previews
from setting_up.workplace import Draft, Workplace

Answer = str | Response | AnyResponse
#: A zip of a ward's files with its emblem; what is larger is none. In bytes.
MOST_UPLOAD = 6_000_000


@dataclass(kw_only=True)
class Wish:
    """The request that the box be served now, and on which host."""

    is_made: threading.Event = field(default_factory=threading.Event)
    host: str = ""

    def make(self, host: str) -> None:
        """Wish it."""
        self.host = host
        self.is_made.set()


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """What the pages need."""

    place: Workplace
    texts: Texts
    pages: PageMaker
    previews: Previews
    clock: Clock
    wish: Wish = field(default_factory=Wish)

    def draft(self) -> Draft:
        """The draft. Redirects to the first page where there is none."""
        draft = self.place.draft()
        if draft is None:
            abort(redirect("/", 303))
        return draft

    def faults(self, draft: Draft | None) -> list[Fault]:
        """What is wrong with it so far."""
        return faults_of(draft, self.place, self.texts) if draft else []

    def page(self, template: str, here: str = "", **values: Any) -> str:
        """A page that is not a step."""
        draft = self.place.draft()
        return self.pages.page(template, here, self.faults(draft), has_draft=draft is not None, **values)

    def name_of(self, table: Mapping[str, Any]) -> str:
        """A ward as a heading names it: «phường Bắc Giang, tỉnh Bắc Ninh»; empty where it has no name yet."""
        ward = table.get("ward")
        parts = (
            (ward.get("kind"), ward.get("name"), ward.get("province")) if isinstance(ward, Mapping) else ()
        )
        if not parts or not parts[1]:
            return ""
        return f"{parts[0]} {parts[1]}" + (f", {parts[2]}" if parts[2] else "")

    def is_changed(self, draft: Draft) -> bool:
        """Whether the draft holds anything unsaved."""
        return draft.is_new or draft.asked is not None or self.place.read(draft.file)[0] != draft.table
