"""What the report may rely on when it remembers, whatever the store."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from homthu.domain.reports.edition import WEEKLY, Edition, EditionKind
from homthu.domain.reports.ledger import Delivery, DeliveryState, Head
from homthu.domain.week import Week
from homthu.ports import Conflict, Store
from samples import OTHER_WARD, VERSIONS, WARD, a_delivery, a_report, at_once

LEASE = datetime(2026, 11, 23, 0, 15, 0, 123456, tzinfo=UTC)
W46, W47, W48 = Week(2026, 46), Week(2026, 47), Week(2026, 48)


def wins(act: Callable[[], object]) -> bool:
    try:
        act()
    except Conflict:
        return False
    return True


def test_a_ward_begins_without_a_head(store: Store) -> None:
    assert store.head(WARD) is None


def test_a_created_head_comes_back_equal(store: Store) -> None:
    head = Head(
        ward=WARD,
        last_week=W47,
        last_year=2026,
        last_number=3,
        last_digest="ab",
        pending="2026-W48/week",
        owner="w1",
        lease_until=LEASE,
    )
    assert store.create_head(head) == head
    assert store.head(WARD) == head
    assert store.head(OTHER_WARD) is None


def test_a_head_of_nothing_yet_comes_back_equal(store: Store) -> None:
    store.create_head(Head(ward=WARD))
    assert store.head(WARD) == Head(ward=WARD)


def test_every_ward_with_a_head_or_a_report_is_found(store: Store) -> None:
    assert store.wards_with_reports() == []
    store.create_head(Head(ward="00009"))
    store.freeze(a_report(ward="00002"))
    store.freeze(a_report(ward="00002", week=W48))
    store.freeze(a_report(ward="00009"))
    store.freeze(a_report(ward="00004"))
    assert store.wards_with_reports() == ["00002", "00004", "00009"]


def test_a_second_first_head_is_a_conflict(store: Store) -> None:
    store.create_head(Head(ward=WARD, owner="w1"))
    with pytest.raises(Conflict):
        store.create_head(Head(ward=WARD, owner="w2"))
    assert store.head(WARD) == Head(ward=WARD, owner="w1")


def test_a_head_is_replaced_again_and_again_by_who_holds_the_last_one(store: Store) -> None:
    head = store.create_head(Head(ward=WARD))
    for number in range(1, 4):
        head = store.replace_head(head, replace(head, last_number=number, lease_until=LEASE))
    assert store.head(WARD) == Head(ward=WARD, last_number=3, lease_until=LEASE)


def test_a_head_that_was_read_can_be_replaced_and_loses_what_the_new_one_lacks(store: Store) -> None:
    store.create_head(Head(ward=WARD, last_week=W47, owner="w1", lease_until=LEASE))
    read = store.head(WARD)
    assert read is not None
    store.replace_head(read, Head(ward=WARD, last_week=W48))
    assert store.head(WARD) == Head(ward=WARD, last_week=W48)


def test_a_head_that_changed_since_it_was_read_is_not_replaced(store: Store) -> None:
    first = store.create_head(Head(ward=WARD))
    store.replace_head(first, Head(ward=WARD, owner="w1"))
    with pytest.raises(Conflict):
        store.replace_head(first, Head(ward=WARD, owner="w2"))
    assert store.head(WARD) == Head(ward=WARD, owner="w1")


def test_a_head_that_changed_back_is_still_another(store: Store) -> None:
    first = store.create_head(Head(ward=WARD))
    second = store.replace_head(first, Head(ward=WARD, owner="w1"))
    store.replace_head(second, Head(ward=WARD))
    with pytest.raises(Conflict):
        store.replace_head(first, Head(ward=WARD, owner="w2"))


def test_a_head_that_is_not_there_is_not_replaced(store: Store) -> None:
    head = store.create_head(Head(ward=WARD))
    with pytest.raises(Conflict):
        store.replace_head(replace(head, ward=OTHER_WARD), Head(ward=OTHER_WARD))
    with pytest.raises(Conflict):
        store.replace_head(Head(ward=WARD), Head(ward=WARD, owner="w1"))
    assert store.head(OTHER_WARD) is None


def test_of_ten_that_replace_a_head_at_once_one_wins(store: Store) -> None:
    head = store.create_head(Head(ward=WARD))
    owners = [f"w{n}" for n in range(10)]
    won = at_once(lambda owner: wins(lambda: store.replace_head(head, Head(ward=WARD, owner=owner))), owners)
    assert won.count(True) == 1
    assert store.head(WARD) == Head(ward=WARD, owner=owners[won.index(True)])


@pytest.mark.parametrize("size", [0, 1, 900_000, 2_500_000])
def test_a_content_comes_back_byte_for_byte(store: Store, size: int) -> None:
    content = random.Random(size).randbytes(size)
    store.save_content("9f86d081", content)
    assert store.content("9f86d081") == content


def test_a_content_saved_again_is_the_same(store: Store) -> None:
    for _ in range(2):
        store.save_content("9f86d081", b"x" * 1000)
    assert store.content("9f86d081") == b"x" * 1000


def test_a_content_saved_by_four_at_once_is_whole(store: Store) -> None:
    content = random.Random(4).randbytes(2_000_000)
    at_once(lambda _: store.save_content("9f86d081", content), range(4))
    assert store.content("9f86d081") == content


def test_a_content_that_was_never_saved_is_a_lookup_error(store: Store) -> None:
    store.save_content("9f86d081", b"x")
    with pytest.raises(LookupError):
        store.content("9f86d082")


def test_a_frozen_report_comes_back_equal(store: Store) -> None:
    store.freeze(a_report())
    assert store.report(WARD, W47) == a_report()


def test_the_versions_of_a_mail_come_back_equal(store: Store) -> None:
    frozen = a_report(recipients=("a@example.vn", "b@example.vn", "«c»@example.vn"), versions=VERSIONS)
    store.freeze(frozen)
    assert store.report(WARD, W47) == frozen
    assert list(store.reports(WARD, W47)) == [frozen]


def test_a_week_without_a_report_has_none(store: Store) -> None:
    store.freeze(a_report())
    assert store.report(WARD, W46) is None
    assert store.report(OTHER_WARD, W47) is None


def test_freezing_a_week_twice_is_a_conflict_and_changes_nothing(store: Store) -> None:
    store.freeze(a_report())
    with pytest.raises(Conflict):
        store.freeze(a_report(number=13))
    assert store.report(WARD, W47) == a_report()


def test_of_ten_that_freeze_a_week_at_once_one_wins(store: Store) -> None:
    numbers = list(range(10))
    won = at_once(lambda number: wins(lambda: store.freeze(a_report(number=number))), numbers)
    assert won.count(True) == 1
    assert store.report(WARD, W47) == a_report(number=won.index(True))


def test_a_week_may_have_several_editions_each_once(store: Store) -> None:
    editions = [Edition(EditionKind.ROUND, "2026-dot-4"), Edition(EditionKind.CORRECTION, "1")]
    store.freeze(a_report())
    for number, edition in enumerate(editions, 13):
        store.freeze(a_report(edition=edition, number=number))
    store.freeze(a_report(week=W48, number=20))
    with pytest.raises(Conflict):
        store.freeze(a_report(edition=editions[0]))
    assert store.report(WARD, W47) == a_report()
    assert store.report(WARD, W47, editions[0]) == a_report(edition=editions[0], number=13)
    assert store.report(WARD, W48, editions[0]) is None
    found = list(store.reports(WARD, W47))
    assert {one.edition for one in found[:3]} == {WEEKLY, *editions}
    assert found[3].week == W48


def test_a_delivery_keeps_the_edition_it_belongs_to(store: Store) -> None:
    correction = a_delivery("d2", edition=Edition(EditionKind.CORRECTION, "1"))
    store.owe(a_delivery("d1"))
    store.owe(correction)
    assert store.deliveries(WARD, W47) == [a_delivery("d1"), correction]


def test_the_reports_since_a_week_come_oldest_first(store: Store) -> None:
    weeks = [Week(2027, 1), W47, Week(2026, 53), W48, W46]
    for week in weeks:
        store.freeze(a_report(week=week))
    store.freeze(a_report(ward=OTHER_WARD, week=W48))
    assert [one.week for one in store.reports(WARD, W47)] == [W47, W48, Week(2026, 53), Week(2027, 1)]
    assert list(store.reports(WARD, Week(2027, 2))) == []


def test_a_delivery_owed_comes_back_equal(store: Store) -> None:
    delivery = a_delivery(
        state=DeliveryState.UNKNOWN, attempts=2, not_before=LEASE, lease_until=LEASE, reason="timeout"
    )
    store.owe(delivery)
    assert store.deliveries(WARD, W47) == store.owed(WARD) == [delivery]


def test_owing_again_does_not_reset_a_sent_delivery(store: Store) -> None:
    store.owe(a_delivery())
    (delivery,) = store.deliveries(WARD, W47)
    store.replace_delivery(delivery, replace(delivery, state=DeliveryState.SENT, attempts=1))
    store.owe(a_delivery())
    assert store.deliveries(WARD, W47) == [a_delivery(state=DeliveryState.SENT, attempts=1)]


def test_of_ten_that_claim_a_delivery_at_once_one_wins(store: Store) -> None:
    store.owe(a_delivery())
    (delivery,) = store.owed(WARD)
    claims = [replace(delivery, state=DeliveryState.SENDING, attempts=n) for n in range(1, 11)]
    won = at_once(lambda claim: wins(lambda: store.replace_delivery(delivery, claim)), claims)
    assert won.count(True) == 1
    assert store.owed(WARD) == [claims[won.index(True)]]


def test_a_claimed_delivery_is_marked_by_its_claimer_only(store: Store) -> None:
    store.owe(a_delivery())
    (read,) = store.owed(WARD)
    claimed = store.replace_delivery(read, replace(read, state=DeliveryState.SENDING, lease_until=LEASE))
    assert not wins(lambda: store.replace_delivery(read, replace(read, state=DeliveryState.BOUNCED)))
    store.replace_delivery(claimed, replace(claimed, state=DeliveryState.SENT, lease_until=None))
    assert store.deliveries(WARD, W47) == [a_delivery(state=DeliveryState.SENT)]


def test_a_delivery_that_is_not_there_is_not_replaced(store: Store) -> None:
    store.owe(a_delivery())
    (stored,) = store.owed(WARD)
    with pytest.raises(Conflict):
        store.replace_delivery(replace(stored, id="d2"), a_delivery("d2"))
    with pytest.raises(Conflict):
        store.replace_delivery(a_delivery(), a_delivery(attempts=1))


def test_the_deliveries_of_a_report_come_in_the_order_of_their_ids(store: Store) -> None:
    for id in ("d3", "d1", "d2"):
        store.owe(a_delivery(id))
    store.owe(a_delivery("d4", week=W48))
    store.owe(a_delivery("d5", ward=OTHER_WARD))
    assert [one.id for one in store.deliveries(WARD, W47)] == ["d1", "d2", "d3"]


def test_what_is_owed_comes_oldest_week_first_without_what_is_done(store: Store) -> None:
    def owe(id: str, week: Week, state: DeliveryState) -> Delivery:
        delivery = a_delivery(id, week=week, state=state)
        store.owe(delivery)
        return delivery

    late = owe("d1", W48, DeliveryState.PENDING)
    owe("d2", W46, DeliveryState.SENT)
    owe("d3", W46, DeliveryState.BOUNCED)
    middle = [owe("d4", W47, DeliveryState.UNKNOWN), owe("d5", W47, DeliveryState.SENDING)]
    early = owe("d6", W46, DeliveryState.PENDING)
    blocked = owe("d7", W48, DeliveryState.BLOCKED)
    owe("d9", W48, DeliveryState.WITHDRAWN)
    store.owe(a_delivery("d8", ward=OTHER_WARD))
    assert store.owed(WARD) == [early, *middle, late, blocked]
