"""What a report's digest covers of its mail: everything but words that were erased on request."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from io import BytesIO
from zipfile import ZipFile

import pytest
from builders import week_of_submissions
from case_builders import case_statistics, summary
from homthu.adapters.randomness import random_bytes
from homthu.adapters.web_files import load_templates, load_texts
from homthu.domain.reports.quotations import Quotations
from homthu.domain.reports.suggestion import suggestions_in
from homthu.render.mail.message import build_content
from homthu.render.mail.pieces import changed, pieces_of
from homthu.render.mail.quotations import covered, separate, without_words_of
from homthu.render.marks import mark, marked_words, unmarked
from homthu.render.report.mail import render_report
from homthu.render.templates import make_environment
from report_builders import attribution, numbered, report
from report_harness import W48, monday

NOTICE = "[đã xóa theo yêu cầu]"
CASE = "c" * 32
SAID = "Bóng đèn đầu ngõ mười hai tắt từ hôm mồng ba"
Frozen = tuple[bytes, Quotations]


@pytest.fixture(scope="module")
def frozen() -> Frozen:
    """A week's mail with letter and workbook: fifty suggestions, some of them in a case."""
    submissions = list(week_of_submissions(50))
    made = report(submissions, case_statistics=case_statistics(summary(SAID, id=CASE)))
    mail = render_report(
        made,
        texts=load_texts("vi"),
        templates=make_environment(load_templates()),
        suggestions=suggestions_in(numbered(submissions), attribution(submissions)),
        desk_url="https://gopy.example.org/xu-ly",
    )
    marked = build_content(mail, sender_name="Hòm thư", sender="a@example.org", date=monday(W48))
    return separate(marked, random_bytes)


def everything(content: bytes) -> str:
    """All that a reader of the mail and its files could find."""
    return "\n".join(piece.content.decode("utf-8", "replace") for piece in pieces_of(content))


def ids(quotations: Quotations) -> list[str]:
    return list(dict.fromkeys(place.id for place in quotations.places))


def test_no_mark_is_left_and_every_quoted_word_has_its_place(frozen: Frozen) -> None:
    content, quotations = frozen
    assert everything(content) == unmarked(everything(content))
    assert len(ids(quotations)) > 20
    # Mail as text and as HTML, letter, sheet for the meeting, workbook.
    assert {place.label.split(" ")[0] for place in quotations.places} == {"0", "1", "2", "3", "4"}
    # Beside the words the unit that was told of them: the ward may have repeated them there.
    assert everything(content).count(SAID) == 5
    assert sum(place.id == CASE for place in quotations.places) == 10


def test_any_words_can_be_erased_in_any_order_and_the_digest_stays(frozen: Frozen) -> None:
    content, quotations = frozen
    digest = covered(content, quotations)
    for id in [CASE, *ids(quotations)[::-3], *ids(quotations)]:
        content, quotations = without_words_of(content, quotations, {id}, NOTICE)
        assert covered(content, quotations) == digest
        quotations = Quotations.from_bytes(quotations.to_bytes())
    assert set(ids(quotations)) == quotations.erased
    assert SAID not in everything(content)
    assert everything(content).count(NOTICE) == len(quotations.places)
    assert not any(place.salt for place in quotations.places)
    for part in message_from_bytes(content).walk():
        if part.get_content_maintype() == "application":
            assert ZipFile(BytesIO(part.get_payload(decode=True))).testzip() is None


def flipped(content: bytes) -> Iterator[bytes]:
    """The mail with one letter of one of its pieces, or of its headers, another."""
    yield content.replace(b"Subject: ", b"Subject: X", 1)
    yield content.replace(b"From: ", b"From: X", 1)
    for old, new in (("phiếu", "phiêu"), ("Hòm thư", "Hòm thu"), (SAID, SAID.replace("ba", "tư"))):
        for skipped in range(4):
            seen = iter(range(99))
            yield changed(
                content,
                lambda piece, seen=seen, skipped=skipped, old=old, new=new: (
                    piece.content.replace(old.encode(), new.encode(), 1)
                    if old.encode() in piece.content and next(seen) == skipped
                    else piece.content
                ),
            )


@pytest.mark.parametrize("is_erased", [False, True])
def test_nothing_else_can_change_before_or_after_an_erasure(frozen: Frozen, is_erased: bool) -> None:
    content, quotations = frozen
    digest = covered(content, quotations)
    if is_erased:
        content, quotations = without_words_of(content, quotations, ids(quotations)[:1], NOTICE)
    tried = [other for other in flipped(content) if other != content]
    assert len(tried) > 8
    assert [other for other in tried if covered(other, quotations) == digest] == []


def test_a_record_cannot_be_bent_to_other_words_other_places_or_another_form(frozen: Frozen) -> None:
    """Whoever may write to the store would change the record with the mail."""
    content, quotations = frozen
    digest = covered(content, quotations)
    first, *others = quotations.places
    bent = (
        [replace(first, id="f" * 32), *others],
        [replace(first, at=first.at + 1), *others],
        [replace(first, length=first.length - 1), *others],
        [replace(first, salt="0" * 32), *others],
        [replace(first, commitment="0" * 64), *others],
        [first.erased(NOTICE), *others],
        others,
        [*others, first],
    )
    for places in bent:
        assert covered(content, Quotations(tuple(places))) != digest


def test_erased_words_cannot_be_tried_against_what_is_left(frozen: Frozen) -> None:
    """The same words under two salts leave nothing in common, and no salt leads to another."""
    content, quotations = frozen
    mine = [place for place in quotations.places if place.id == CASE]
    assert len({place.commitment for place in mine}) == len({place.salt for place in mine}) == len(mine)
    after, record = without_words_of(content, quotations, {CASE}, NOTICE)
    left = everything(after) + record.to_bytes().decode()
    assert not any(place.salt in left for place in mine)


def test_marks_are_read_back_and_half_a_mark_is_refused() -> None:
    text = f"a{mark('0f', 'lời')}b{mark('1e', '')}{mark('2d', 'x')}"
    assert marked_words(text) == [("", "a"), ("0f", "lời"), ("", "b"), ("2d", "x"), ("", "")]
    assert unmarked(text) == "alờibx"
    for half in (mark("0f", "lời")[:-1], mark("0f", "lời")[1:], "\ue001"):
        with pytest.raises(ValueError, match="without its other half"):
            marked_words(half)
