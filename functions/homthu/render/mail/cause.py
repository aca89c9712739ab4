"""Explains why a mail did not go: what is wrong, and who can fix it."""

from homthu.domain.mail_cause import cause_of
from homthu.render.texts import Texts


def describe_cause(reason: str, texts: Texts) -> str:
    """The sentence for a delivery's reason; a general one for what an earlier version wrote."""
    return texts(f"cause.{cause_of(reason) or 'other'}")
