"""Several who wrote the same: whose words leave a mail and whose stay, when one of them is told no longer."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import SIGNS
from erasing import erasure, reference
from homthu.domain.boxes.box import Reads, Recipient
from homthu.domain.cases.review import Decision, ReviewKind, WithholdReason
from homthu.domain.submissions.reference import id_of
from homthu.render.report.anchor import plain_text
from homthu.services.erase import erase
from homthu.services.review import review_text
from homthu.services.verify import verify_reports
from published_ward import PublishedWard, unpacked
from report_harness import SECRETS, W47, W48

LAMP = "Đèn đường ngõ 12 hỏng hai tuần nay"
READERS = (
    Recipient(name="A", email="a@example.org", reads=frozenset({Reads.FIGURES, Reads.WORDS})),
    Recipient(name="B", email="b@example.org", reads=frozenset({Reads.FIGURES})),
)


@pytest.fixture
def ward() -> PublishedWard:
    """Three forms that say the same, the first three of a week."""
    made = PublishedWard()
    made.box = replace(made.box, recipients=READERS)
    made.receive(W47.begins_at, 3, text=LAMP, answers={})
    made.close(W47)
    return made


def id_in(number: int) -> str:
    return id_of(reference(number), SECRETS.current)


def erased(ward: PublishedWard, number: int) -> None:
    store = ward.store
    erase(erasure(store, lambda: ward.now), reference(number))


def decided(ward: PublishedWard, number: int, decision: Decision, key: str = "k") -> None:
    store, on = ward.store, W48.monday + timedelta(days=1)
    review_text(
        store,
        store,
        store,
        SIGNS,
        ward=ward.ward,
        id=id_in(number),
        seen=0,
        decision=decision,
        who="A",
        on=on,
        idempotency_key=key,
    )


def said(ward: PublishedWard, reader: str) -> str:
    """The newest mail to a reader, in one line."""
    newest = [one.message for one in ward.mailer.sent if one.recipient == reader][-1]
    return " ".join(plain_text(newest).split())


def frozen(ward: PublishedWard) -> bytes:
    return b"".join(b"".join(unpacked(one)) for name, one in ward.store.contents.items() if b"Subject" in one)


def test_two_that_are_erased_leave_the_third_its_own_words_and_the_number_stays(ward: PublishedWard) -> None:
    assert "3 phiếu: " in said(ward, "a@example.org")
    for number in (1, 2):
        erased(ward, number)
    verdict = verify_reports(ward.store, ward.store, ward.ward)
    assert (verdict.fault, verdict.holds) == ("", 1)
    kept = frozen(ward)
    assert LAMP.encode() in kept, "the third one's row in the workbook is theirs"
    assert "3 phiếu".encode() in kept, "what was told is not told otherwise"
    erased(ward, 3)
    assert verify_reports(ward.store, ward.store, ward.ward).fault == ""
    assert LAMP.encode() not in frozen(ward)


def test_whoever_reads_no_words_is_told_of_those_alone_that_were_let_pass_as_they_were(
    ward: PublishedWard,
) -> None:
    decided(ward, 1, Decision(kind=ReviewKind.PASS))
    decided(ward, 2, Decision(kind=ReviewKind.MASK, text="Đèn đường ngõ 12 […]"))
    decided(ward, 3, Decision(kind=ReviewKind.WITHHOLD, reason=WithholdReason.UNCLEAR))
    ward.close(W48)
    mail = said(ward, "b@example.org")
    assert len(re.findall("> Đèn đường ngõ 12", mail)) == 2
    assert f"> {LAMP}" in mail
    assert "> Đèn đường ngõ 12 […]" in mail
    assert "phiếu: 47-" not in mail, "a masked text is compared as it is masked"


def test_two_that_were_let_pass_are_one_matter_of_two(ward: PublishedWard) -> None:
    for number in (1, 2):
        decided(ward, number, Decision(kind=ReviewKind.PASS))
    ward.close(W48)
    mail = said(ward, "b@example.org")
    assert "2 phiếu: 47-" in mail
    assert "3 phiếu: 47-" not in mail
