"""What an outsider can learn of people's answers, with nothing but what is mailed and published.

Most tests here make two wards that differ only in what people must not be known to have said, and
compare every byte that leaves the house: .eml, and in it .docx and .xlsx file by file, and the public
pages. Where not one byte differs, no cleverness finds anything out.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from homthu.domain.boxes.box import EVERYTHING, Reads, Recipient
from homthu.domain.releases.series import MIN_GROUP
from homthu.domain.submissions.reference import id_of, make_key, reference_of
from homthu.domain.submissions.submission import Flag
from homthu.domain.week import Week
from homthu.render.mail.message import SALT_HEADER
from published_ward import PublishedWard, bases_in, runs_in
from report_harness import SECRETS, W47, W48, W49

GOOD = {"thai_do": "5", "huong_dan": "5", "thoi_han": "dung", "phien_ha": "khong", "chung": "5"}
BAD = {"thai_do": "1", "huong_dan": "1", "thoi_han": "tre", "phien_ha": "goi_y_chi", "chung": "1"}
#: The same without the tick that sets a text apart.
UNTICKED = {**BAD, "phien_ha": "khong_tra_loi"}
FIGURES = frozenset({Reads.FIGURES})
_PRINTED_DIGEST = re.compile(rb"\b[0-9a-f]{16}\b")
Fill = Callable[[PublishedWard, list[dict[str, str]]], None]


def made(fill: Fill, answers: list[dict[str, str]], reads: frozenset[Reads] = EVERYTHING) -> list[bytes]:
    """All that one who reads this has of a ward, beside somebody who reads everything."""
    ward = PublishedWard()
    (first,) = ward.box.recipients
    other = Recipient(name="Người nhận đơn", email="don@example.org")
    ward.box = replace(ward.box, recipients=(replace(first, reads=reads), other))
    fill(ward, answers)
    ward.mailer.sent = [mail for mail in ward.mailer.sent if mail.recipient == first.email]
    assert ward.mails
    assert not any(SALT_HEADER.encode() in part for part in ward.everything)
    # The digest of the report before covers what is told to nobody, under a salt that no mail carries: it
    # differs between any two wards, alike or not.
    return [_PRINTED_DIGEST.sub(b"-", part) for part in ward.everything]


def crowd(ward: PublishedWard, week: Week, count: int = 40, **changes: object) -> None:
    """So many forms of the office, good and bad, the same in every ward."""
    for number in range(count):
        ward.receive(at(week, 1), answers=BAD if number % 3 == 0 else GOOD, **changes)


def at(week: Week, day: int) -> object:
    return week.begins_at + timedelta(days=day, hours=2)


# The fewest and the most; what lies between takes as long.
@pytest.mark.parametrize("count", [1, 9, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 9))])
def test_a_week_of_one_to_nine_forms_shows_nothing_of_what_was_answered(count: int) -> None:
    def fill(ward: PublishedWard, answers: list[dict[str, str]]) -> None:
        for number in range(count):
            ward.receive(
                at(W47, 1),
                answers=answers[0],
                # Nor about which service, nor with whose help.
                service="ho_tich" if answers[0] is GOOD else "dat_dai",
                assisted=answers[0] is GOOD,
                text=f"Đề nghị số {number}",
            )
        ward.close(W47)

    # Whoever reads words sees that a text is not quoted, of which its author's tick is one reason of several.
    good = made(fill, [GOOD])
    assert good == made(fill, [UNTICKED])
    assert not any("Hộ tịch".encode() in part or "hỗ trợ".encode() in part for part in good)
    # Whoever reads neither words nor petitions sees nothing of a tick either.
    good = made(fill, [GOOD], reads=FIGURES)
    assert b"g\xc3\xb3p \xc3\xbd" in b"".join(good)
    assert good == made(fill, [BAD], reads=FIGURES)


def test_how_many_texts_are_set_apart_is_told_to_those_alone_who_read_petitions() -> None:
    def fill(ward: PublishedWard, answers: list[dict[str, str]]) -> None:
        crowd(ward, W47)
        ward.receive(at(W47, 2), answers=answers[0], text="Tôi tố cáo việc thu tiền không biên lai")
        ward.close(W47)

    told = "có dấu hiệu khiếu nại, tố cáo (không trích)".encode()
    elsewhere = "người nhận đơn đọc tại bàn xử lý".encode()
    for reads in (EVERYTHING, FIGURES, frozenset({Reads.FIGURES, Reads.WORDS})):
        parts = b"".join(made(fill, [GOOD], reads=reads))
        assert (told in parts) is (Reads.PETITIONS in reads)
        assert (elsewhere in parts) is (Reads.PETITIONS not in reads)


def test_who_rated_badly_does_not_follow_from_who_is_a_small_place() -> None:
    def fill(ward: PublishedWard, answers: list[dict[str, str]]) -> None:
        crowd(ward, W47)
        ward.receive(at(W47, 2), answers=answers[0], place="tt01")
        ward.receive(at(W47, 2), answers=answers[1], place="nv01")
        ward.close(W47)

    assert made(fill, [GOOD, BAD]) == made(fill, [BAD, GOOD])


def test_the_one_flagged_form_s_answers_do_not_follow_from_figures_with_and_without_it() -> None:
    def fill(ward: PublishedWard, answers: list[dict[str, str]]) -> None:
        crowd(ward, W47)
        ward.receive(at(W47, 2), answers=answers[0])
        ward.receive(at(W47, 2), answers=answers[1], flags=(Flag.TOO_FAST,))
        ward.close(W47)

    assert made(fill, [GOOD, BAD]) == made(fill, [BAD, GOOD])


@pytest.mark.parametrize("machines", [4, 40])
def test_a_machine_s_forms_beside_a_real_one_do_not_bring_it_to_light(machines: int) -> None:
    def fill(ward: PublishedWard, answers: list[dict[str, str]]) -> None:
        for number in range(machines):
            ward.receive(at(W47, 1), answers=(GOOD, BAD)[number % 2], flags=(Flag.NO_STAMP,))
        ward.receive(at(W47, 2), answers=answers[0], text="Một góp ý của người thật")
        ward.close(W47)

    good = made(fill, [GOOD])
    assert good == made(fill, [UNTICKED])
    assert made(fill, [GOOD], reads=FIGURES) == made(fill, [BAD], reads=FIGURES)


def test_a_round_less_its_year_tells_nobody_s_answers() -> None:
    def fill(ward: PublishedWard, answers: list[dict[str, str]]) -> None:
        for week in (Week(2026, 51), Week(2026, 52), Week(2026, 53)):
            crowd(ward, week, 12, round="2026-4" if week.number < 53 else "ngoai-dot")
        # One form after the round's end, in the week that it ends in and the year goes on.
        ward.receive(at(Week(2026, 52), 5), answers=answers[0], round="ngoai-dot")
        ward.receive(at(Week(2026, 53), 1), answers=answers[1], round="ngoai-dot")
        for week in (Week(2026, 51), Week(2026, 52), Week(2026, 53), Week(2027, 1)):
            ward.close(week)

    assert made(fill, [GOOD, BAD]) == made(fill, [BAD, GOOD])


def test_a_correction_less_what_it_corrects_tells_nobody_s_answers() -> None:
    def fill(ward: PublishedWard, answers: list[dict[str, str]]) -> None:
        crowd(ward, W47)
        ward.close(W47)
        # Two forms turn up that carry the closed week, as after a restored backup.
        ward.receive(at(W47, 2), 2, answers=answers[0])
        list(ward.store.assign_week(ward.ward, W47))
        ward.now = at(W48, 0)
        ward.correct(W47)

    good = made(fill, [GOOD])
    assert good == made(fill, [BAD])
    assert any("42 phiếu".encode() in part for part in good), "the number of forms is told"


def test_a_form_that_is_gone_takes_no_figure_with_it() -> None:
    """What was told stands when a form is erased: the next week's reports do not depend on its answers."""

    def fill(ward: PublishedWard, answers: list[dict[str, str]]) -> None:
        crowd(ward, W47)
        ward.receive(at(W47, 2), answers=answers[0])
        ward.receive(at(W47, 2), answers=answers[1])
        ward.close(W47)
        erased = id_of(reference_of(make_key(ward.sent_count.to_bytes(16))), SECRETS.current)
        del ward.store.rows[erased]
        ward.now = at(W48, 0)
        ward.correct(W47)
        crowd(ward, W48, 3)
        ward.close(W48)

    assert made(fill, [GOOD, BAD]) == made(fill, [BAD, GOOD])


def test_the_same_comparison_sees_a_difference_as_soon_as_ten_answered() -> None:
    def fill(ward: PublishedWard, answers: list[dict[str, str]]) -> None:
        crowd(ward, W47, 10)
        for _ in range(3):
            ward.receive(at(W47, 1), answers=answers[0])
        ward.close(W47)

    assert made(fill, [GOOD]) != made(fill, [BAD])


def test_every_figure_that_leaves_the_house_is_about_ten_answers_and_pages_differ_by_as_many() -> None:
    chance, ward = Random(11), PublishedWard()
    for week in (Week(2026, 45), Week(2026, 46), W47, W48, W49):
        for place, most in (("tt01", 25), ("nv01", 4), ("nv02", 2)):
            for _ in range(chance.randrange(most)):
                answers = {question: chance.choice("12345") for question in ("chung", "thai_do")}
                ward.receive(
                    at(week, 3), answers=answers, place=place, service=chance.choice(["", "ho_tich"])
                )
        ward.close(week)
    bases = set(bases_in(ward.everything))
    assert bases
    assert min(bases) >= MIN_GROUP
    told = [sorted(one.answers for one in runs_in(mail)) for mail in ward.mails]
    assert all(answers >= MIN_GROUP for of_week in told for answers in of_week)
    yearly = [max([0, *bases_in([page])]) for page in ward.pages]
    for one in yearly:
        for other in yearly:
            assert one == other or abs(one - other) >= MIN_GROUP
