"""Surges: more submissions for one place within half an hour than people would send.

They are found when the week is closed, from the marks of all instances, so that a surge is marked from its
beginning: the forms that make it, not those that come after. It is a sign, not a proof. Nothing is dropped,
and ratings are told with and without it.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from homthu.domain.submissions.receipt import Receipt
from homthu.domain.submissions.receipt_mark import MARK, has_time

#: After a meeting at a culture house perhaps thirty people scan the one poster.
MOST_IN_A_WINDOW = 30
#: Half an hour, whichever three marks it spans: a surge across the border of two marks is one surge.
WINDOW_MARKS = 3

#: A place and a mark.
Slot = tuple[str, datetime]


def surges(receipts: Iterable[Receipt]) -> frozenset[Slot]:
    """The marks of each place that lie in a window with more than `MOST_IN_A_WINDOW` submissions.

    Slips that the office vouches for are typed in one after the other, and what has no time has no
    part in it. Memory grows with the number of places and marks, not of submissions.
    """
    counts = Counter((one.place, one.mark) for one in receipts if _counts(one))
    found: set[Slot] = set()
    for place, mark in counts:
        window = [(place, mark + MARK * step) for step in range(WINDOW_MARKS)]
        if sum(counts[slot] for slot in window) > MOST_IN_A_WINDOW:
            found.update(slot for slot in window if counts[slot])
    return frozenset(found)


def is_in(receipt: Receipt, found: frozenset[Slot]) -> bool:
    """Whether a submission is part of one of these surges."""
    return _counts(receipt) and (receipt.place, receipt.mark) in found


def _counts(receipt: Receipt) -> bool:
    return not receipt.is_vouched and has_time(receipt.mark)
