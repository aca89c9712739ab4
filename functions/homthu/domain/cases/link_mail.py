"""When a link to the desk was last mailed to a recipient, so that nobody can flood a mailbox with them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: No recipient is mailed a second link sooner.
LINK_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkMail:
    """The last link mailed to one recipient of one ward; `id` is made from both.

    `revision` is the store's own: a replacement succeeds only while it is unchanged.
    """

    id: str
    sent_at: datetime
    revision: object = field(default=None, compare=False)

    @property
    def expires_at(self) -> datetime:
        """When the record becomes meaningless and may disappear from the store."""
        return self.sent_at + LINK_PAUSE

    def is_due(self, now: datetime) -> bool:
        """Whether another may be sent."""
        return now >= self.expires_at
