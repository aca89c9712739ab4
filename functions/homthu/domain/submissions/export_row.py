"""A row of an export: one submission with nothing that tells when in a day it came."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportRow:
    """One submission as it leaves the box; the fields' order is the columns' order."""

    ward: str
    place: str
    channel: str
    assisted: bool
    questionnaire: str
    round: str
    week: str
    received_on: str
    answers: dict[str, str]
    text: str
    service: str
    flags: list[str]
