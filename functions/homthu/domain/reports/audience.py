"""Audience: what the reader of a mail reads, by which a report's mail has its versions.

What may be a complaint or a denunciation stands in no mail, so who reads these makes no difference.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from homthu.domain.boxes.box import Reads, Recipient


class Audience(StrEnum):
    """A kind of reader. Who does not read words gets those texts alone that a reader let pass."""

    FULL = "full"
    WORDS = "words"
    FIGURES = "figures"
    #: Who reads neither: they are told that there is something at the desk.
    NOTICE = "notice"

    @classmethod
    def of(cls, recipient: Recipient) -> Self:
        """The kind that a recipient is of."""
        words, figures = Reads.WORDS in recipient.reads, Reads.FIGURES in recipient.reads
        if words:
            return cls("full") if figures else cls("words")
        return cls("figures") if figures else cls("notice")

    @property
    def reads_words(self) -> bool:
        """Whether the mail holds every ordinary text."""
        return self in (Audience.FULL, Audience.WORDS)

    @property
    def reads_figures(self) -> bool:
        """Whether the mail holds figures, the letter and the workbook."""
        return self in (Audience.FULL, Audience.FIGURES)


def by_audience(recipients: Iterable[Recipient]) -> dict[Audience, tuple[str, ...]]:
    """The addresses of each kind that there is, whoever reads most first."""
    of = {one.email: Audience.of(one) for one in recipients}
    found = {kind: tuple(email for email in of if of[email] is kind) for kind in Audience}
    return {kind: emails for kind, emails in found.items() if emails}
