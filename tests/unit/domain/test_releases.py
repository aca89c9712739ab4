"""What a ward tells of its answers, week after week, and what can be worked out from all of it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from builders import stored
from homthu.domain.boxes.round import OUTSIDE
from homthu.domain.releases.counted import Cell
from homthu.domain.releases.history import History
from homthu.domain.releases.release import Release
from homthu.domain.releases.releases import Releases, Waiting
from homthu.domain.releases.series import MIN_GROUP, OVERALL, REST, WARD, Asked, Series, SeriesKind
from homthu.domain.reports.clusters import count_submissions
from homthu.domain.reports.ledger import FrozenReport
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.submissions.submission import Flag, StoredSubmission
from homthu.domain.week import Week
from random_wards import ASKED, FIRST, RUNNING, TellingWard, ward
from row_space import RowSpace

MANNER = Asked("qcdc-v1", "thai_do")
HOUSE = Series(SeriesKind.PLACE, "nv01")


def forms(
    count: int, *, start: int = 0, week: Week = FIRST, rating: str = "", **changes: object
) -> list[StoredSubmission]:
    """So many forms of a week, not all of one opinion unless a rating is given."""
    return [
        stored(start + n, week=week, answers={"chung": rating or str(1 + n % 5)}, round=OUTSIDE, **changes)
        for n in range(count)
    ]


def frozen(week: Week, number: int, tally: Tally) -> FrozenReport:
    return FrozenReport(
        ward="07210",
        week=week,
        year=2026,
        number=number,
        frozen_on=date(2026, 12, 1),
        recipients=(),
        tally=tally,
        content="",
        previous_digest="",
        digest="",
    )


def without(tally: Tally, *kinds: str) -> Tally:
    return Tally({fact: count for fact, count in tally.counts.items() if fact[0] not in kinds})


def small_groups(made: TellingWard, asked: Asked) -> Iterator[frozenset[object]]:
    """Every small group that has a name: a week, a place, a service, a mode, and what two of them share."""
    groups: dict[object, set[object]] = defaultdict(set)
    for key in made.answers[asked]:
        week, round_, cell = key
        names = [week, cell.place, "s" + cell.service, cell.mode, cell.is_flagged, ("r", cell.is_repeated)]
        for one in names:
            groups[round_, one].add(key)
            for other in names:
                groups[round_, one, other].add(key)
        groups[key].add(key)
    for group in groups.values():
        if sum(made.answers[asked][key] for key in group) < MIN_GROUP:
            yield frozenset(group)


def seeds(count: int) -> list[object]:
    """Random wards: the first two at each change, all of them by `scripts/test --all`."""
    return [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, count))]


# --- nothing about fewer than ten


@pytest.mark.parametrize("seed", seeds(6))
def test_after_every_report_nothing_about_fewer_than_ten_answers_follows(seed: int) -> None:
    made = ward(seed)
    for asked in (OVERALL, MANNER):
        answers = made.answers[asked]
        space = RowSpace(made.told(asked), answers)
        assert [group for group in small_groups(made, asked) if space.gives_away(group)] == []
        assert (space.smallest(Random(seed), 20) or MIN_GROUP) >= MIN_GROUP


def test_the_same_attack_finds_people_where_each_run_is_only_large_enough() -> None:
    made = ward(3)
    answers = made.answers[OVERALL]
    sums = defaultdict(set)
    for week, round_, cell in answers:
        for series in cell.series(OVERALL):
            sums[week, round_, series].add((week, round_, cell))
    large = [cells for cells in sums.values() if sum(answers[cell] for cell in cells) >= MIN_GROUP]
    space = RowSpace(large, answers)
    assert [group for group in small_groups(made, OVERALL) if space.gives_away(group)]
    assert space.smallest(Random(3), 20) < MIN_GROUP


@pytest.mark.parametrize("seed", seeds(4))
def test_every_release_says_what_its_answers_said_and_never_again(seed: int) -> None:
    made = ward(seed)
    seen: dict[object, set[object]] = defaultdict(set)
    for release, cells in made.releases:
        said: dict[str, int] = defaultdict(int)
        for cell in cells:
            for option, count in made.said[release.asked][cell].items():
                said[option] += count
        assert release.answers == sum(said.values()) >= MIN_GROUP
        assert release.alike or dict(release.by_option) == dict(said)
        assert all(release.first <= week <= release.last for week, _, _ in cells)
        told = seen[release.asked, release.series.kind]
        assert not told & cells
        told |= cells


@pytest.mark.parametrize("seed", seeds(6))
def test_most_of_what_people_answer_is_told_all_the_same(seed: int) -> None:
    made = ward(seed)
    answers = made.answers[OVERALL]
    told: dict[SeriesKind, int] = defaultdict(int)
    for release, cells in made.releases:
        if release.asked == OVERALL:
            told[release.series.kind] += sum(answers[cell] for cell in cells)
    total = sum(answers.values())
    assert told[SeriesKind.WARD] / total >= 0.85
    assert told[SeriesKind.PLACE] / total >= 0.5


# --- runs


def test_weeks_wait_and_add_up_until_there_are_ten_answers() -> None:
    made = TellingWard()
    for at, count in enumerate((3, 6, 1, 2)):
        week = FIRST.shift(at)
        made.week(week, forms(count, start=100 * at, week=week))
    (ward_run,) = [one for one, _ in made.releases if one.series == WARD]
    assert (ward_run.first, ward_run.last, ward_run.answers) == (FIRST, FIRST.shift(2), 10)
    assert made.history.releases().waiting(WARD, OVERALL) == Waiting(forms=2, since=FIRST.shift(3))


def test_what_nobody_answered_is_no_answer() -> None:
    made = TellingWard()
    made.week(FIRST, forms(9) + forms(40, start=50, rating="khong"))
    assert made.releases == []
    assert made.history.releases().waiting(WARD, OVERALL) == Waiting(forms=49, since=FIRST)


def test_a_machine_s_answers_are_in_no_release() -> None:
    made = TellingWard()
    made.week(FIRST, forms(9) + forms(40, start=50, flags=(Flag.NO_STAMP,)))
    assert made.releases == []


def test_all_or_all_but_one_alike_is_told_in_words_and_kept_in_words() -> None:
    for others, alike in ((0, "satisfied"), (1, "satisfied"), (2, "")):
        made = TellingWard()
        happy = forms(6, rating="5") + forms(8, start=50, rating="4")
        tally = made.week(FIRST, happy + forms(others, start=90, rating="1"))
        release = next(one for one, _ in made.releases if one.series == WARD)
        assert (release.alike, release.answers) == (alike, 14 + others)
        kept = {fact[-1] for fact in tally.counts if fact[:3] == (Fact.RELEASED, OUTSIDE, "ward")}
        assert kept == ({"~satisfied"} if alike else {"5", "4", "1"})


def test_a_place_waits_while_the_rest_of_its_week_would_follow() -> None:
    made = TellingWard()
    made.week(FIRST, forms(30, place="tt01") + forms(4, start=50, place="nv01"))
    assert {one.series for one, _ in made.releases if one.series.kind is SeriesKind.PLACE} == set()
    week = FIRST.shift(1)
    made.week(
        week, forms(30, start=200, week=week, place="tt01") + forms(7, start=300, week=week, place="nv01")
    )
    places = {one.series.member for one, _ in made.releases if one.series.kind is SeriesKind.PLACE}
    assert places == {"tt01", "nv01"}


def test_what_is_left_of_a_round_is_pooled_when_it_ends() -> None:
    made = TellingWard()
    small = [one for n in range(1, 4) for one in forms(4, start=50 * n, place=f"nv0{n}")]
    made.week(FIRST, forms(30, start=900, place="tt01") + small, ending=(OUTSIDE,))
    rest = next(one for one, _ in made.releases if one.series == Series(SeriesKind.PLACE, REST))
    assert rest.answers == 12
    assert made.history.releases().waiting(HOUSE, OVERALL) is None


def test_series_start_afresh_with_every_round_and_every_gap() -> None:
    made = TellingWard()
    course = ((OUTSIDE, (OUTSIDE,)), (OUTSIDE, ()), ("2026-4", ()), ("2026-4", ()))
    for at, (round_, ending) in enumerate(course):
        week = FIRST.shift(at)
        made.week(
            week,
            [
                replace(one, submission=replace(one.submission, round=round_))
                for one in forms(6, start=100 * at, week=week)
            ],
            ending,
        )
    runs = [(one.round, one.first, one.answers) for one, _ in made.releases if one.series == WARD]
    assert runs == [("2026-4", FIRST.shift(2), 12)]


# --- frozen


def weekly(made: list[Tally]) -> list[FrozenReport]:
    return [frozen(FIRST.shift(at), at + 1, tally) for at, tally in enumerate(made)]


def test_what_was_told_is_read_from_the_reports_and_not_worked_out_again() -> None:
    made, tallies = TellingWard(), []
    for at in range(8):
        week = FIRST.shift(at)
        tallies.append(made.week(week, forms(4 + at, start=100 * at, week=week)))
    whole = History.of(weekly(tallies)).releases()
    assert whole.told == made.history.releases().told
    for at in range(8):
        # A worker that starts anew after any report goes on as if it had never stopped.
        kept = without(tallies[at], "released", "closed")
        again = History.of(weekly(tallies[:at])).decide(FIRST.shift(at), kept, running=RUNNING, ending=())
        assert kept + again == tallies[at]
        assert History.of(weekly(tallies[:at])).releases().told == tuple(
            (number, one) for number, one in whole.told if number < at
        )


def test_a_report_frozen_before_the_joint_numbers_were_kept_takes_no_part() -> None:
    counted = count_submissions(forms(8), ASKED)
    old = without(counted, "joint_kept", "joint", "series_answer")
    history = History.of([frozen(FIRST, 1, old)])
    week = FIRST.shift(1)
    tally = count_submissions(forms(8, start=50, week=week), ASKED)
    assert history.decide(week, tally, running=RUNNING, ending=()) == Tally()
    history.add(week, tally)
    assert history.releases().waiting(WARD, OVERALL) == Waiting(forms=8, since=week)
    assert history.releases().begun == week


def corrected(before: list[StoredSubmission], after: list[StoredSubmission]) -> tuple[History, Releases]:
    history = History()
    tally = count_submissions(before, ASKED)
    history.add(FIRST, tally + history.decide(FIRST, tally, running=RUNNING, ending=()))
    history.add(FIRST, count_submissions(after, ASKED))
    return history, history.releases()


def test_a_correction_tells_no_figure_and_what_it_adds_waits_for_the_next_week() -> None:
    history, told = corrected(forms(20), forms(24))
    assert [one.answers for one in told.runs(WARD, OVERALL)] == [20]
    assert told.new(WARD, OVERALL) is None
    assert told.waiting(WARD, OVERALL) == Waiting(forms=4, since=FIRST)
    week = FIRST.shift(1)
    tally = count_submissions(forms(6, start=70, week=week), ASKED)
    history.add(week, tally + history.decide(week, tally, running=RUNNING, ending=()))
    assert [one.answers for one in history.releases().runs(WARD, OVERALL)] == [20, 10]


def test_a_correction_that_takes_answers_away_changes_nothing_that_was_told() -> None:
    history, told = corrected(forms(20), forms(19) + forms(15, start=60, rating="1"))
    assert [one.answers for one in told.runs(WARD, OVERALL)] == [20]
    week = FIRST.shift(1)
    tally = count_submissions([], ASKED)
    history.add(week, tally + history.decide(week, tally, running=RUNNING, ending=()))
    assert [one.answers for one in history.releases().runs(WARD, OVERALL)] == [20]


def test_any_two_states_of_what_is_told_differ_by_nothing_or_by_ten_answers() -> None:
    made, states = TellingWard(), []
    chance = Random(5)
    for at in range(20):
        week = FIRST.shift(at)
        made.week(week, forms(chance.randrange(12), start=100 * at, week=week), (OUTSIDE,) if at == 9 else ())
        told = made.history.releases()
        states.append([sum(one.answers for one in told.runs(series, OVERALL)) for series in (WARD, HOUSE)])
    for one in states:
        for other in states:
            for mine, theirs in zip(one, other, strict=True):
                assert mine == theirs or abs(mine - theirs) >= MIN_GROUP


def test_cells_that_no_figure_tells_apart_are_counted_as_one() -> None:
    tally = count_submissions(forms(3, place="nv01", service="ho_tich"), ASKED)
    key = (Fact.JOINT, OUTSIDE, "*", "overall", "nv01", "ho_tich", "self", "")
    assert tally.count(*key) == 3
    assert Cell("nv01", "ho_tich", "self").series(MANNER) == (WARD, HOUSE)


def test_a_release_is_read_back_as_it_was_told() -> None:
    made = ward(1)
    for release, _ in made.releases:
        assert isinstance(release, Release)
    told = [one for _, one in made.history.releases().told]
    assert sorted(map(repr, told)) == sorted(repr(one) for one, _ in made.releases)
