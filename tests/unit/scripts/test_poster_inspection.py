import builders
from homthu.domain.submissions.submission import Channel
from homthu.domain.week import Week
from posters.inspection import finished_weeks, inspect
from report_builders import report

WEEKS = finished_weeks(Week(2026, 49), 4)
LAST = WEEKS[-1]


def test_finished_weeks_end_before_this_one() -> None:
    assert [str(week) for week in WEEKS] == ["2026-W45", "2026-W46", "2026-W47", "2026-W48"]


def test_only_the_posters_code_counts_as_a_scan() -> None:
    submissions = [
        builders.stored(1, week=LAST, place="tt01", channel=Channel.QR),
        builders.stored(2, week=LAST, place="tt01", channel=Channel.LINK),
        builders.stored(3, week=LAST, place="tt01", channel=Channel.PAPER),
    ]
    use = inspect(builders.box(), submissions, WEEKS)[0]
    assert (use.scans[LAST], use.received[LAST]) == (1, 3)
    assert use.last_seen == LAST


def test_silent_places_are_those_of_the_monday_report() -> None:
    submissions = list(builders.week_of_submissions(60, week=builders.WEEK))
    weeks = finished_weeks(builders.WEEK.shift(1), 4)
    silent = [use.place for use in inspect(builders.box(), submissions, weeks) if use.is_silent]
    assert silent == list(report(submissions).silent_places)
    assert silent


def test_quiet_weeks_are_counted_back_from_the_last() -> None:
    submissions = [
        builders.stored(1, week=WEEKS[1], place="nv01"),
        builders.stored(2, week=LAST, place="tt01"),
    ]
    uses = {use.place.code: use for use in inspect(builders.box(), submissions, WEEKS)}
    assert [uses[code].quiet_weeks for code in ("tt01", "nv01", "nv02")] == [0, 2, 4]
    assert uses["nv02"].last_seen is None


def test_a_place_that_is_no_longer_in_the_box_is_left_out() -> None:
    submissions = [builders.stored(1, week=LAST, place="cu-01")]
    assert all(use.last_seen is None for use in inspect(builders.box(), submissions, WEEKS))


def test_a_poster_used_before_these_weeks_was_seen_then() -> None:
    old = Week(2026, 20)
    use = inspect(builders.box(), [builders.stored(1, week=old, place="tt01")], WEEKS)[0]
    assert (use.last_seen, sum(use.scans.values())) == (old, 0)
