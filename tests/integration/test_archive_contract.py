"""What the report may rely on when it assigns and reads submissions, whatever the store."""

from dataclasses import replace
from datetime import timedelta

from homthu.domain.submissions.receipt_mark import mark_of
from homthu.domain.submissions.submission import Channel, Flag
from homthu.domain.week import Week, local_date
from homthu.ports import Store
from samples import FUTURE, OTHER_WARD, PAST, WARD, a_submission, at_once, fill, now

#: More than one page or chunk of any store.
MANY = 510


def test_the_oldest_unassigned_is_when_it_was_received(store: Store) -> None:
    before = now()
    store.add("b", a_submission(), "d")
    between = now()
    store.add("a", a_submission(), "d")
    oldest = store.oldest_without_week(WARD)
    assert oldest is not None
    assert mark_of(before) <= oldest <= mark_of(between)
    assert oldest.utcoffset() == timedelta(0)


def test_the_unassigned_are_read_whole_and_before_their_week_is_closed(store: Store) -> None:
    # Many of them received in the same millisecond.
    ids = [f"{number:04d}" for number in range(MANY)]
    fill(store, ids)
    store.add("other", a_submission(ward=OTHER_WARD), "d")
    found = list(store.without_week(WARD))
    assert sorted(one.id for one in found) == ids
    assert all(one.submission == a_submission() for one in found)
    assert {one.week for one in found} <= {Week.at(now()), Week.at(now()).shift(-1)}
    list(store.assign_week(WARD, FUTURE))
    assert list(store.without_week(WARD)) == []


def test_a_ward_without_submissions_has_no_oldest_one(store: Store) -> None:
    store.add("a", a_submission(ward=OTHER_WARD), "d")
    assert store.oldest_without_week(WARD) is None


def test_every_ward_with_submissions_is_found_whatever_has_become_of_them(store: Store) -> None:
    assert store.wards_with_submissions() == []
    fill(store, ["a", "b", "c"], ward="00009")
    fill(store, ["d"], ward="00001")
    list(store.assign_week("00009", FUTURE))
    store.add("e", a_submission(ward="00005"), "d")
    assert store.wards_with_submissions() == ["00001", "00005", "00009"]


def test_nothing_is_unassigned_after_an_assignment(store: Store) -> None:
    fill(store, ["a", "b"])
    list(store.assign_week(WARD, FUTURE))
    assert store.oldest_without_week(WARD) is None


def test_a_week_that_is_over_assigns_nothing_received_after_it(store: Store) -> None:
    fill(store, ["a", "b"])
    assert sum(store.assign_week(WARD, PAST)) == 0
    assert store.count_in_week(WARD, PAST) == 0
    assert store.oldest_without_week(WARD) is not None


def test_a_week_assigns_all_that_was_received_before_its_end(store: Store) -> None:
    fill(store, ["a", "b", "c"])
    assert sum(store.assign_week(WARD, FUTURE)) == 3
    assert store.count_in_week(WARD, FUTURE) == 3
    assert [one.id for one in store.in_week(WARD, FUTURE)] == ["a", "b", "c"]


def test_an_assigned_submission_keeps_its_words_and_the_day_it_came(store: Store) -> None:
    days = {local_date(now())}
    store.add("a", a_submission(), "d")
    days.add(local_date(now()))
    list(store.assign_week(WARD, FUTURE))
    (stored,) = store.in_week(WARD, FUTURE)
    assert (stored.id, stored.submission, stored.week) == ("a", a_submission(), FUTURE)
    assert stored.received_on in days
    assert stored.is_late


def test_a_second_assignment_moves_nothing_to_another_week(store: Store) -> None:
    fill(store, ["a", "b"])
    list(store.assign_week(WARD, FUTURE))
    assert sum(store.assign_week(WARD, FUTURE.shift(1))) == 0
    assert store.count_in_week(WARD, FUTURE) == 2
    assert store.count_in_week(WARD, FUTURE.shift(1)) == 0


def test_what_comes_after_an_assignment_goes_into_a_later_week(store: Store) -> None:
    store.add("a", a_submission(), "d")
    list(store.assign_week(WARD, FUTURE))
    store.add("b", a_submission(), "d")
    assert sum(store.assign_week(WARD, FUTURE.shift(1))) == 1
    assert [one.id for one in store.in_week(WARD, FUTURE)] == ["a"]
    assert [one.id for one in store.in_week(WARD, FUTURE.shift(1))] == ["b"]


def test_assigning_one_ward_leaves_the_others_alone(store: Store) -> None:
    store.add("a", a_submission(), "d")
    store.add("b", a_submission(ward=OTHER_WARD), "d")
    assert sum(store.assign_week(WARD, FUTURE)) == 1
    assert store.count_in_week(OTHER_WARD, FUTURE) == 0
    assert store.oldest_without_week(OTHER_WARD) is not None


def test_an_assignment_can_stop_between_two_chunks_and_be_taken_up_again(store: Store) -> None:
    ids = [f"{n:04d}" for n in range(MANY)]
    fill(store, ids)
    chunks = store.assign_week(WARD, FUTURE)
    first = next(chunks)
    chunks.close()
    assert 0 < first < MANY
    assert store.count_in_week(WARD, FUTURE) == first
    assert first + sum(store.assign_week(WARD, FUTURE)) == MANY
    assert [one.id for one in store.in_week(WARD, FUTURE)] == ids


def test_two_assignments_at_once_give_each_submission_exactly_one_week(store: Store) -> None:
    ids = [f"{n:04d}" for n in range(MANY)]
    fill(store, ids)
    weeks = [FUTURE, FUTURE.shift(1)]
    counts = at_once(lambda week: sum(store.assign_week(WARD, week)), weeks)
    by_week = {week: [one.id for one in store.in_week(WARD, week)] for week in weeks}
    assert sorted(by_week[weeks[0]] + by_week[weeks[1]]) == ids
    assert [len(by_week[week]) for week in weeks] == counts
    assert store.oldest_without_week(WARD) is None


def test_submissions_that_arrive_while_a_week_is_assigned_are_neither_lost_nor_doubled(store: Store) -> None:
    early, meanwhile = [f"a{n:03d}" for n in range(400)], [f"b{n:03d}" for n in range(200)]
    fill(store, early)
    at_once(
        lambda act: act(), [lambda: list(store.assign_week(WARD, FUTURE)), lambda: fill(store, meanwhile)]
    )
    list(store.assign_week(WARD, FUTURE.shift(1)))
    ids = [one.id for week in (FUTURE, FUTURE.shift(1)) for one in store.in_week(WARD, week)]
    assert sorted(ids) == early + meanwhile


def test_receipts_say_where_and_when_and_no_more_and_only_of_what_is_not_assigned(store: Store) -> None:
    fill(store, [f"{n:04d}" for n in range(MANY)])
    fill(store, ["pile"], channel=Channel.PAPER, flags=())
    fill(store, ["loose"], channel=Channel.PAPER, flags=(Flag.UNVOUCHED,))
    fill(store, ["other"], ward=OTHER_WARD)
    found = {one.id: one for one in store.receipts(WARD, FUTURE)}
    assert len(found) == MANY + 2
    assert {one.place for one in found.values()} == {a_submission().place}
    assert {id for id, one in found.items() if one.is_vouched} == {"pile"}
    assert {one.mark for one in found.values()} <= {mark_of(now()), mark_of(now() - timedelta(minutes=5))}
    assert list(store.receipts(WARD, PAST)) == []
    list(store.assign_week(WARD, FUTURE))
    assert list(store.receipts(WARD, FUTURE)) == []


def test_what_was_read_before_its_week_was_assigned_is_what_lies_in_it_after(store: Store) -> None:
    fill(store, ["d", "b", "c"], flags=(Flag.TOO_FAST,))
    fill(store, ["pile"], channel=Channel.PAPER, flags=())
    fill(store, ["other"], ward=OTHER_WARD)
    known = store.unassigned(WARD, FUTURE, limit=9)
    assert [one.receipt for one in known] == list(store.receipts(WARD, FUTURE))
    assert [one.stored.id for one in store.unassigned(WARD, FUTURE, limit=2)] == [
        one.stored.id for one in known[:2]
    ]
    assert store.unassigned(WARD, PAST, limit=9) == []
    assert sum(store.assign_known(FUTURE, known)) == store.count_in_week(WARD, FUTURE) == 4
    assert sorted((replace(one.stored, week=FUTURE) for one in known), key=lambda one: one.id) == list(
        store.in_week(WARD, FUTURE)
    )
    assert store.unassigned(WARD, FUTURE, limit=9) == []


def test_what_changed_since_it_was_read_is_read_again(store: Store) -> None:
    fill(store, ["a", "b"])
    known = store.unassigned(WARD, FUTURE, limit=9)
    fill(store, ["late"])
    list(store.flag(["a"], Flag.BURST))
    as_read = sum(store.assign_known(FUTURE, known))
    # A file tells by its time whether somebody assigned a form: who flags one holds the ward.
    assert (as_read, sum(store.assign_week(WARD, FUTURE))) in ((1, 2), (2, 1))
    found = {one.id: one for one in store.in_week(WARD, FUTURE)}
    assert Flag.BURST in found["a"].submission.flags
    assert sorted(found) == ["a", "b", "late"]
    # By a run that broke off, say.
    assert sum(store.assign_known(FUTURE.shift(1), known)) == 0


def test_between_two_chunks_others_may_write(store: Store) -> None:
    ids = ["a", "b"]
    fill(store, ids, flags=())
    for number, _ in enumerate(store.flag(ids, Flag.BURST)):
        fill(store, [f"flagged {number}"])
    for number, _ in enumerate(store.assign_known(FUTURE, store.unassigned(WARD, FUTURE, limit=9))):
        fill(store, [f"known {number}"])
    for number, _ in zip(range(1), store.assign_week(WARD, FUTURE), strict=False):
        fill(store, [f"assigned {number}"])
    assert len(list(store.everything(WARD))) >= 5


def test_a_flag_is_added_once_and_the_rest_stays_as_it_is(store: Store) -> None:
    ids = [f"{n:04d}" for n in range(MANY)]
    fill(store, ids, flags=(Flag.TOO_FAST,))
    fill(store, ["z"])
    assert sum(store.flag(ids, Flag.BURST)) == MANY
    list(store.flag(iter(ids), Flag.BURST))
    by_id = {one.id: one.submission for one in store.everything(WARD)}
    assert {by_id[id].flags for id in ids} == {(Flag.TOO_FAST, Flag.BURST)}
    assert by_id["z"] == a_submission()
    assert replace(by_id[ids[0]], flags=a_submission().flags) == a_submission()
    assert sum(store.assign_week(WARD, FUTURE)) == MANY + 1


def test_everything_holds_assigned_and_unassigned_in_the_order_of_ids(store: Store) -> None:
    fill(store, ["d", "b"])
    list(store.assign_week(WARD, FUTURE))
    fill(store, ["c", "a", "Z", "0"])
    fill(store, ["e"], ward=OTHER_WARD)
    today = local_date(now())
    everything = list(store.everything(WARD))
    assert [one.id for one in everything] == ["0", "Z", "a", "b", "c", "d"]
    assert [one.week for one in everything if one.id in "db"] == [FUTURE, FUTURE]
    for one in everything:
        if one.id not in "db":
            assert not one.is_late
            assert one.week == Week.of(one.received_on)
            assert timedelta(0) <= today - one.received_on <= timedelta(days=1)


def test_a_long_stream_can_be_left_and_begun_again(store: Store) -> None:
    ids = [f"{n:04d}" for n in range(MANY + 110)]
    fill(store, ids)
    stream = store.everything(WARD)
    assert [next(stream).id for _ in range(MANY)] == ids[:MANY]
    del stream
    assert [one.id for one in store.everything(WARD)] == ids


def test_an_empty_ward_streams_nothing(store: Store) -> None:
    assert list(store.everything(WARD)) == list(store.in_week(WARD, FUTURE)) == []
    assert list(store.assign_week(WARD, FUTURE)) == []
    assert store.count_in_week(WARD, FUTURE) == 0


def test_what_was_received_after_an_instant_is_seen_until_its_week_is_closed(store: Store) -> None:
    assert not store.has_received_after(WARD, PAST.begins_at)
    fill(store, ["a"])
    fill(store, ["b"], ward=OTHER_WARD)
    for ward in (WARD, OTHER_WARD):
        assert store.has_received_after(ward, now() - timedelta(minutes=30))
        assert not store.has_received_after(ward, now() + timedelta(minutes=1))
    list(store.assign_week(WARD, FUTURE))
    assert not store.has_received_after(WARD, PAST.begins_at)
