"""A secret is rotated while two versions answer: nothing is doubled, refused or flagged (F19, F73).

The way of infra/OPERATE.md has two steps: the new secret stands below the old one first, then above it.
So each of the two versions that answer during a roll-out knows both.
"""

import pytest
from citizen_side import KEY, Site, fields_of, prove_work
from homthu.domain.secret import Secrets

OLD, NEW = b"o" * 32, b"n" * 32
BOTH = Secrets(current=OLD, previous=(NEW,))
#: The secrets of two instances that answer beside each other, in either order.
PAIRS = [
    (Secrets(current=OLD), BOTH),
    (BOTH, Secrets(current=OLD)),
    (BOTH, Secrets(current=NEW, previous=(OLD,))),
    (Secrets(current=NEW, previous=(OLD,)), BOTH),
]


def versions(first: Secrets, second: Secrets) -> tuple[Site, Site]:
    """Two versions over one store, whose secrets of references and of receipts are turned round alike."""
    one, other = Site(secrets=first, receipts=first), Site(secrets=second, receipts=second)
    other.store = other.intake = one.store
    return one, other


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_form_that_reaches_both_versions_is_stored_once(first: Secrets, second: Secrets) -> None:
    one, other = versions(first, second)
    reference = one.reference(one.send(tem=prove_work(KEY)))
    again = other.send(tem=prove_work(KEY))
    assert other.reference(again) == reference
    assert len(one.stored()) == 1


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_receipt_of_one_version_is_shown_by_the_other(first: Secrets, second: Secrets) -> None:
    one, other = versions(first, second)
    assert other.form.get(one.send().headers["Location"]).status_code == 200


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_who_reviewed_at_one_version_is_no_machine_to_the_other(first: Secrets, second: Secrets) -> None:
    one, other = versions(first, second)
    fields = fields_of(one.send(key="").text)
    other.reference(other.submit.post("/gui", data=fields))
    assert [flag.value for flag in one.stored()[0].submission.flags] == ["too_fast"]
