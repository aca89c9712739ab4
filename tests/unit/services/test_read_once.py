"""What a report goes through several times it reads once, and never from before something changed."""

from collections.abc import Iterator

from homthu.domain.reports.surges import MOST_IN_A_WINDOW
from homthu.domain.submissions.submission import Channel, Flag
from homthu.services.remembered import remembered
from report_harness import W48, ReportHarness, monday


class Stream:
    """Gives so many numbers, and remembers how many were ever read."""

    def __init__(self, count: int) -> None:
        self.count, self.read = count, 0

    def __call__(self) -> Iterator[int]:
        for number in range(self.count):
            self.read += 1
            yield number


def test_a_short_stream_is_read_once_and_a_long_one_each_time() -> None:
    for count, reads in ((0, 0), (1, 1), (3, 3), (4, 8)):
        stream = Stream(count)
        again = remembered(stream, most=3)
        assert list(again()) == list(again()) == list(range(count))
        assert stream.read == reads


def test_what_was_not_gone_through_to_its_end_is_read_again() -> None:
    stream = Stream(3)
    again = remembered(stream)
    assert next(iter(again())) == 0
    assert list(again()) == [0, 1, 2]
    assert stream.read == 4


def test_slips_that_no_batch_vouches_for_count_in_the_surge_of_the_same_closing() -> None:
    """They lose their voucher just before surges are looked for: what was read before that is not good."""
    harness = ReportHarness()
    count = MOST_IN_A_WINDOW + 1
    harness.receive(W48.begins_at, count, channel=Channel.PAPER, batch="withdrawn")
    assert harness.report(monday(W48)).is_done
    flags = [one.submission.flags for one in harness.store.in_week(harness.ward, W48)]
    assert len(flags) == count
    assert all({Flag.UNVOUCHED, Flag.BURST} <= set(one) for one in flags), flags[0]
