"""Audience: what the reader of a mail reads, by which a report's mail has its versions.

What may be a complaint or a denunciation stands in no mail. How many there are is told to those who read
them alone: where few forms came, that number tells what one of them answered (see decision 28).
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from homthu.domain.boxes.box import Reads, Recipient


class Audience(StrEnum):
    """A kind of reader; those who read most come first.

    Who does not read words gets those texts alone that a reader let pass; who reads petitions alone is
    told that there is something at the desk.
    """

    ALL = "figures-words-petitions"
    FIGURES_WORDS = "figures-words"
    FIGURES_PETITIONS = "figures-petitions"
    FIGURES = "figures"
    WORDS_PETITIONS = "words-petitions"
    WORDS = "words"
    PETITIONS = "petitions"

    @classmethod
    def of(cls, recipient: Recipient) -> Self:
        """The kind that a recipient is of."""
        return cls("-".join(one for one in Reads if one in recipient.reads))

    @property
    def reads(self) -> tuple[Reads, ...]:
        """What it reads."""
        return tuple(map(Reads, self.value.split("-")))

    @property
    def reads_words(self) -> bool:
        """Whether the mail holds every ordinary text."""
        return Reads.WORDS in self.reads

    @property
    def reads_figures(self) -> bool:
        """Whether the mail holds figures, the letter and the workbook."""
        return Reads.FIGURES in self.reads

    @property
    def reads_petitions(self) -> bool:
        """Whether the mail tells how many texts are set apart."""
        return Reads.PETITIONS in self.reads


def by_audience(recipients: Iterable[Recipient]) -> dict[Audience, tuple[str, ...]]:
    """The addresses of each kind that there is, those who read most first."""
    of = {one.email: Audience.of(one) for one in recipients}
    found = {kind: tuple(email for email in of if of[email] is kind) for kind in Audience}
    return {kind: emails for kind, emails in found.items() if emails}
