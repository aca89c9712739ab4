"""Who reads what in the mails, read back as they were sent: text, page, letter and workbook.

Every text has a word of its own. A mail is searched for the words that its reader may not read, and for
those that they are owed.
"""

import email
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from erasing import erasure
from homthu.domain.boxes.box import Reads
from homthu.domain.cases.case import ActionKind, CaseAction
from homthu.domain.reports.audience import Audience
from homthu.domain.reports.edition import EditionKind
from homthu.domain.reports.ledger import DeliveryState, chain_order
from homthu.domain.submissions.reference import id_of, make_key, reference_of
from homthu.domain.week import local_date
from homthu.render.report.anchor import printed_in
from homthu.services.cases import act_on_case, open_case
from homthu.services.deliver import deliver
from homthu.services.erase import erase
from homthu.services.rehearse import rehearse_wards
from homthu.services.resend import resend
from homthu.services.verify import Kept, compare_kept, verify_reports
from published_ward import ROUND, PublishedWard, unpacked
from read_mail import TEXTS
from read_ward import (
    ALL,
    EVERY,
    FIGURES,
    FULL,
    KINDS,
    LATER,
    ORDINARY,
    PETITIONS,
    WORDS,
    ReadWard,
    decide_about_all,
    recipient,
)
from report_harness import SECRETS, SENDER, W47, W48, W49, monday


@pytest.fixture(scope="module")
def closed() -> ReadWard:
    """A week with a text of every kind, closed."""
    made = ReadWard()
    made.begin()
    made.close(W47)
    return made


@pytest.fixture(scope="module")
def followed(closed: ReadWard) -> ReadWard:
    """Its texts are decided about, and the next week, with a text of its own, is closed."""
    made = closed.again()
    decide_about_all(made)
    made.receive(W48.begins_at + timedelta(days=3), text=LATER)
    made.close(W48)
    return made


@pytest.fixture(scope="module")
def followed_twice(followed: ReadWard) -> ReadWard:
    made = followed.again()
    made.close(W49)
    return made


@pytest.fixture
def ward(closed: ReadWard) -> ReadWard:
    return closed.again()


@pytest.fixture
def decided(followed: ReadWard) -> ReadWard:
    return followed.again()


@pytest.mark.parametrize("reads", KINDS, ids=lambda reads: "+".join(sorted(reads)))
def test_before_anybody_decided_a_mail_holds_words_for_their_readers_alone(
    ward: ReadWard, reads: frozenset[Reads]
) -> None:
    expected = set(ORDINARY) if Reads.WORDS in reads else set()
    assert ward.words_in(recipient(reads)) == expected
    files = [part.get_filename() for part in email.message_from_bytes(ward.mail(recipient(reads))).walk()]
    kinds = {file.rpartition(".")[2] for file in files if file}
    assert kinds == ({"docx", "xlsx"} if Reads.FIGURES in reads else set())


@pytest.mark.parametrize("reads", KINDS, ids=lambda reads: "+".join(sorted(reads)))
def test_the_next_mail_holds_what_was_let_pass_for_those_who_do_not_read_words(
    followed: ReadWard, followed_twice: ReadWard, reads: frozenset[Reads]
) -> None:
    who = recipient(reads)
    assert followed.words_in(who) == ({"laterG"} if Reads.WORDS in reads else {"passA"})
    told = b"\n".join(unpacked(followed.mail(who))).decode("utf-8", "replace")
    if Reads.WORDS not in reads:
        assert "Ghế ở sảnh […] bị hỏng" in told
    assert "không chuyển 1" in re.sub(r"\s+", " ", told)
    assert "vì có lời xúc phạm" in re.sub(r"\s+", " ", told)
    assert followed_twice.words_in(who) == set(), "nothing is told as new that was told"


def test_the_mail_without_figures_holds_none(ward: ReadWard) -> None:
    for who in (WORDS, PETITIONS):
        told = " ".join(part.decode("utf-8", "replace") for part in unpacked(ward.mail(who)))
        assert "18 phiếu" in told, "numbers of forms are nobody's answers"
        assert "khoảng tin cậy" not in told
        assert "%" not in re.sub(r"<[^>]*>|&[^;]*;", "", told.partition("<body")[2])


def test_a_case_tells_who_reads_no_words_only_what_was_let_pass(ward: ReadWard) -> None:
    ward.now = monday(W47) + timedelta(days=1)
    on = local_date(ward.now)
    for word in (*ORDINARY, "petF"):
        case = open_case(
            ward.store,
            ward.store,
            ward.context.signs,
            ward=ward.ward,
            id=ward.id_of(word),
            who="A",
            on=on,
            idempotency_key="0123456789abcdef",
        )
        act_on_case(
            ward.store,
            ward=ward.ward,
            id=case.id,
            seen=1,
            action=CaseAction(kind=ActionKind.ASSIGN, text="Tổ một cửa", due_on=on + timedelta(days=9)),
            who="A",
            on=on,
            idempotency_key="0123456789abcdef-2",
        )
    decide_about_all(ward)
    ward.close(W48)
    assert ward.words_in(FIGURES) == {"passA"}
    assert ward.words_in(PETITIONS) == {"passA"}
    assert ward.words_in(FULL) == set(ORDINARY)
    told = b"\n".join(unpacked(ward.mail(FIGURES))).decode("utf-8", "replace")
    assert "Nội dung chưa được cho chuyển" in told


def test_a_round_s_report_keeps_to_the_same(ward: ReadWard) -> None:
    decide_about_all(ward)
    ward.box = replace(ward.box, rounds=(replace(ROUND, closes=(2026, 11, 27)),))
    ward.close(W48)
    kinds = [report.edition.kind for report in ward.store.reports(ward.ward, W48)]
    assert EditionKind.ROUND in kinds
    deliveries = [
        one for one in ward.store.deliveries(ward.ward, W48) if one.edition.kind is EditionKind.ROUND
    ]
    by_reader = {one.recipient: one.id for one in deliveries}
    sent = {
        sent.recipient: sent.message
        for sent in ward.mailer.sent
        if by_reader[sent.recipient].encode() in sent.message
    }
    found = {
        who: {word for word in EVERY if any(word.encode() in part for part in unpacked(sent[who.email]))}
        for who in (FULL, ALL, FIGURES, WORDS, PETITIONS)
    }
    assert found[FIGURES] == found[PETITIONS] == {"passA"}
    assert found[FULL] == found[ALL] == found[WORDS] == set(ORDINARY) - {"heldC"}, (
        "what is withheld is not told on"
    )


def test_every_version_is_in_the_chain_and_a_kept_mail_is_compared_with_its_own(decided: ReadWard) -> None:
    ward = decided
    reports = sorted(ward.store.reports(ward.ward, W47), key=chain_order)
    assert [one.audience for one in reports[0].versions] == list(Audience)
    assert len({name for report in reports for name in report.contents}) == 2 * len(Audience)
    assert verify_reports(ward.store, ward.store, ward.ward).fault == ""
    for who in ward.box.recipients:
        for number, report in enumerate(reports):
            mail = ward.mail(who, number)
            delivery = str(email.message_from_bytes(mail)["X-Hom-Thu-Delivery"]).partition("@")[0]
            found = compare_kept(
                ward.store, ward.store, mail, delivery=delivery, digest=printed_in(mail, TEXTS)
            )
            assert found[0] is Kept.AGREES, (who.email, report.week)
    # Another's version under one's own delivery is another content.
    other = compare_kept(
        ward.store,
        ward.store,
        ward.mail(FULL),
        delivery=str(email.message_from_bytes(ward.mail(FIGURES))["X-Hom-Thu-Delivery"]).partition("@")[0],
        digest=printed_in(ward.mail(FULL), TEXTS),
    )
    assert other[0] is Kept.OTHER_CONTENT
    for name in reports[1].contents:
        kept = ward.store.contents[name]
        ward.store.contents[name] = kept.replace(b"Subject", b"Subjekt")
        assert verify_reports(ward.store, ward.store, ward.ward).fault == "changed"
        ward.store.contents[name] = kept
    swapped = replace(
        reports[1],
        versions=tuple(
            replace(one, recipients=other.recipients)
            for one, other in zip(reports[1].versions, reversed(reports[1].versions), strict=True)
        ),
    )
    ward.store.frozen[ward.ward, W48, reports[1].edition] = swapped
    assert verify_reports(ward.store, ward.store, ward.ward).fault == "changed", (
        "who gets which is covered too"
    )


def test_what_is_sent_again_and_what_a_correction_says_is_in_the_recipient_s_version(ward: ReadWard) -> None:
    again = resend(ward.store, ward.ward, W47, recipient=FIGURES.email)
    assert [one.state for one in again] == [DeliveryState.PENDING]
    assert len(deliver(ward.store, ward.mailer, lambda: ward.now, ward.box, sender=SENDER)) == 1
    assert ward.words_in(FIGURES) == set()
    decide_about_all(ward)
    late = next(id for id, row in ward.store.rows.items() if not row.submission.text)
    del ward.store.rows[late]
    ward.correct(W47)
    assert ward.words_in(FIGURES) == set()
    assert ward.words_in(FULL) == set(ORDINARY) - {"heldC"}
    assert verify_reports(ward.store, ward.store, ward.ward).fault == ""


def test_an_erased_text_leaves_every_version_and_the_review(decided: ReadWard) -> None:
    ward = decided
    id = ward.id_of("maskB")
    masked = "Ghế ở sảnh […] bị hỏng".encode()
    assert any(masked in part for part in unpacked(ward.mail(FIGURES)))
    references = {
        id_of(reference_of(make_key(n.to_bytes(16))), SECRETS.current): reference_of(make_key(n.to_bytes(16)))
        for n in range(1, ward.sent_count + 1)
    }
    done = erase(erasure(ward.store, lambda: ward.now), references[id])
    assert {report.week for report in done.reports} == {W47, W48}
    for name, content in ward.store.contents.items():
        assert not name.endswith(".erased") or b"gh" not in content
        if not name.endswith(".erased"):
            assert not any(masked in part or b"maskB" in part for part in unpacked(content)), name
    review = ward.store.review(id)
    assert review is not None
    assert not any(one.decision.text for one in review.history)
    verdict = verify_reports(ward.store, ward.store, ward.ward)
    assert (verdict.fault, len(verdict.erased)) == ("", 2)
    ward.close(W49)
    assert ward.words_in(FIGURES) == set()


@pytest.mark.parametrize("reads", KINDS, ids=lambda reads: "+".join(sorted(reads)))
def test_how_many_are_set_apart_is_told_to_those_who_read_them_alone(
    ward: ReadWard, reads: frozenset[Reads]
) -> None:
    parts = b" ".join(unpacked(ward.mail(recipient(reads)))).decode("utf-8", "replace")
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", parts))
    assert ("1 góp ý có dấu hiệu" in told) == (Reads.PETITIONS in reads)


def test_the_rehearsal_makes_every_version(ward: ReadWard) -> None:
    ward.receive(W48.begins_at + timedelta(days=1), 3, text="Góp ý của tuần đang chạy")
    (rehearsed,) = rehearse_wards(ward.context, SENDER, [ward.box], check_store=lambda: None)
    assert rehearsed.problem == ""
    assert rehearsed.mail_bytes > 10_000


def test_where_everybody_reads_everything_there_is_one_mail_as_before() -> None:
    made = PublishedWard()
    made.receive(W47.begins_at, 12, text="Ghế hỏng")
    made.close(W47)
    (report,) = made.store.reports(made.ward, W47)
    assert report.versions == ()
    assert report.contents == (report.content,)
