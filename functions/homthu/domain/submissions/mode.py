"""How a form was filled in: a figure about helpers and slips is a figure about these."""

from enum import StrEnum

from homthu.domain.submissions.submission import Channel


class CollectionMode(StrEnum):
    """Who filled in the form: the citizen, a helper at their dictation, or a clerk from a paper slip."""

    SELF = "self"
    ASSISTED = "assisted"
    PAPER = "paper"


def mode_of(channel: Channel, *, assisted: bool) -> CollectionMode:
    """The mode of a submission; paper wins over assisted."""
    if channel is Channel.PAPER:
        return CollectionMode.PAPER
    return CollectionMode.ASSISTED if assisted else CollectionMode.SELF
