"""What servers really say becomes whose fault it is, and a log gets the sentence without the people in it."""

import pytest
from fakes.mail_answers import DOCUMENTED, EXIM, POSTFIX, Recorded
from homthu.adapters.mail.smtp_answer import Answer, Step, error_of
from homthu.domain.mail_cause import cause_of
from homthu.ports import MailBlocked, MailNotSent, MailRefused

PEOPLE = {"sender": "hom-thu@example.org", "recipient": "chu-tich@example.org", "user": "hom-thu"}
EVERY = {
    **{f"Postfix: {name}": one for name, one in POSTFIX.items()},
    **{f"Exim: {name}": one for name, one in EXIM.items()},
    **DOCUMENTED,
}


@pytest.mark.parametrize("recorded", EVERY.values(), ids=EVERY)
def test_what_a_real_server_says_is_understood(recorded: Recorded) -> None:
    code, _, text = recorded.line.format(**PEOPLE).partition(" ")
    reason = recorded.reason
    if "2.1.5" in reason:
        reason = "no_mailbox 550"
    error = error_of(Answer.read(recorded.step, int(code), text.encode()), PEOPLE.values())
    assert (type(error), error.reason) == (recorded.kind, reason)
    assert cause_of(error.reason) is not None
    assert not any(name in error.said for name in PEOPLE.values())


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("code", [421, 450, 500, 530, 535, 550, 552, 554, 559, 354, 999])
@pytest.mark.parametrize(
    "text", ["", "no", "5.0.0 no", "5.999.999", "4.7.1 later", "5.7", "\x00\xff", "5.1.1\n5.1.1 x"]
)
def test_no_answer_before_a_recipient_is_named_is_a_recipients_fault(
    step: Step, code: int, text: str
) -> None:
    error = error_of(Answer.read(step, code, text))
    assert cause_of(error.reason) is not None
    if step not in (Step.RCPT, Step.DATA):
        assert isinstance(error, MailBlocked | MailNotSent)
        assert error.for_all


@pytest.mark.parametrize("step", [Step.RCPT, Step.DATA])
@pytest.mark.parametrize("subject", range(8))
@pytest.mark.parametrize("detail", [*range(31), 57, 60, 139, 250, 252, 259])
def test_only_codes_about_the_address_give_a_mail_up(step: Step, subject: int, detail: int) -> None:
    """RFC 3463: X.1.7 and X.1.8 are about the sender's, the rest of X.1 and X.2.1 about the recipient's."""
    error = error_of(Answer.read(step, 550, f"5.{subject}.{detail} as you like"))
    is_address = (subject == 1 and detail not in (0, 7, 8)) or (subject, detail) == (2, 1)
    assert isinstance(error, MailRefused) == is_address


def test_the_lines_of_a_reply_are_one_sentence() -> None:
    answer = Answer.read(Step.RCPT, 550, b"5.7.1 This is\n5.7.1  the policy\n5.7.1 of a@b.vn")
    assert answer.enhanced == (5, 7, 1)
    assert answer.said([]) == "rcpt: This is the policy of …"


def test_a_sentence_cannot_break_or_fill_the_log() -> None:
    said = Answer.read(Step.DATA, 554, "x\r\x1b[2J" + "y" * 5_000).said([])
    assert said.isprintable()
    assert len(said) <= 300
