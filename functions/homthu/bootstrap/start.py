"""Reads and checks the configuration that a function needs, and creates its parts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from homthu.adapters.box_files.folder import load_boxes
from homthu.adapters.box_files.problems import BoxProblems
from homthu.adapters.clock import system_clock
from homthu.adapters.secret_file import BadSecretFile, load_secrets
from homthu.adapters.web_files import load_texts
from homthu.bootstrap.parts import Parts
from homthu.config import (
    NEEDS,
    BadSettings,
    read_settings,
    secret_variable,
)
from homthu.domain.secret import SecretPurpose, Secrets
from homthu.lazy import Lazy
from homthu.render.problems import describe

if TYPE_CHECKING:
    # What only others use is imported where it is used, so that `form` starts fast.
    from homthu.ports import (
        Clock,
    )
    from homthu.services.report_context import Progress


#: In the cloud a call may take fifteen minutes, and a ward takes up to nine seconds (decision 14).
MOST_WITHOUT_QUEUE = 100
#: The functions that process every ward.
_QUEUED = ("report", "watch")


class CannotStart(SystemExit):
    """The configuration is wrong; the message lists every fault, in Vietnamese."""


def start(
    purpose: str,
    environ: Mapping[str, str] = os.environ,
    *,
    clock: Clock = system_clock,
    progress: Progress = lambda _: None,
    reading: bool = False,
) -> Parts:
    """Read and check everything that this function needs. Raise `CannotStart` with all faults.

    With `reading` the store is neither created nor changed; call `check_store` first, which raises if there
    is none.
    """
    faults: list[str] = []
    # Read only if something is wrong: a normal start needs no sentences.
    texts = Lazy(lambda: load_texts("vi", "settings", "problems"))
    try:
        settings = read_settings(environ, NEEDS[purpose])
    except BadSettings as bad:
        settings = bad.settings
        faults += [f"{p.variable}: {texts()(f'setting.{p.code}', **p.data)}" for p in bad.problems]
    boxes = None
    secrets: dict[SecretPurpose, Secrets] = {}
    try:
        boxes = load_boxes(settings.boxes)
    except BoxProblems as bad:
        faults += [describe(problem, texts()) for problem in bad.problems]
    for purpose, path in settings.secrets.items():
        try:
            secrets[purpose] = load_secrets(path)
        except BadSecretFile as bad:
            faults.append(f"{secret_variable(purpose)}: {texts()(f'setting.secret_{bad.reason}')}")
    wards = len(boxes.by_ward) if boxes and purpose in _QUEUED and "K_SERVICE" in environ else 0
    if wards > MOST_WITHOUT_QUEUE and not environ.get("HOMTHU_QUEUE"):
        code, data = "no_queue", {"wards": wards, "most": MOST_WITHOUT_QUEUE}
        faults.append(f"HOMTHU_QUEUE: {texts()(f'setting.{code}', **data)}")
    if faults or boxes is None:
        raise CannotStart("\n".join([texts()("setting.heading"), *(f"  - {fault}" for fault in faults)]))
    return Parts(settings, boxes, secrets, clock=clock, progress=progress, reading=reading)
