"""Reads to whom a box writes: names and addresses that fit into a mail's header."""

from collections.abc import Sequence
from dataclasses import replace

from homthu.adapters.box_files.reader import Reader, note_repeats
from homthu.domain.boxes.box import MAX_ANSWER, AnswerTemplate, Clerk, Reads, Recipient, Unit
from homthu.domain.mail_address import MOST_ADDRESS, is_mail_address
from homthu.domain.text import spelling

KEYS = ("name", "email", "reads")
OPERATOR_KEYS = UNIT_KEYS = CLERK_KEYS = ("name", "email")
ANSWER_KEYS = ("name", "text")
#: The bytes of UTF-8 that fit into one encoded word of a mail header (RFC 2047); longer names are folded,
#: which mail programs get wrong.
MOST_NAME_BYTES = 45
_NAME_MARKS = frozenset(" .,/()-&'")


def read_recipients(readers: Sequence[Reader]) -> tuple[Recipient, ...]:
    """Every recipient; an address may appear once, whatever its case.

    If the file says of one recipient what they read, it must say so of all. If it says so of none, as files
    from before November 2026, everybody reads everything, as before.
    """
    says_who_reads = any(reader.has("reads") or reader.is_noted("reads") for reader in readers)
    recipients = tuple(
        replace(read_recipient(reader), reads=reader.several_of("reads", Reads))
        if says_who_reads
        else read_recipient(reader)
        for reader in readers
    )
    if says_who_reads and not any(reader.is_noted("reads") for reader in readers):
        _note_unread(readers, recipients)
    note_repeats(readers, "email", [recipient.email.lower() for recipient in recipients])
    return recipients


def _note_unread(readers: Sequence[Reader], recipients: Sequence[Recipient]) -> None:
    """Somebody has to read what citizens write, and somebody what is set apart."""
    read = frozenset[Reads]().union(*(one.reads for one in recipients))
    if Reads.WORDS not in read:
        readers[0].note("reads", "nobody_reads_words")
    if Reads.PETITIONS not in read:
        readers[0].note("reads", "nobody_reads_petitions")


def read_answers(readers: Sequence[Reader]) -> tuple[AnswerTemplate, ...]:
    """The templates of answers, each under a name of its own."""
    answers = tuple(
        AnswerTemplate(name=reader.text("name", most=80), text=reader.text("text", most=MAX_ANSWER))
        for reader in readers
    )
    note_repeats(readers, "name", [spelling(answer.name) for answer in answers])
    return answers


def read_units(readers: Sequence[Reader]) -> tuple[Unit, ...]:
    """The units that cases are assigned to, each under a name and an address of its own."""
    found = [read_recipient(reader) for reader in readers]
    note_repeats(readers, "name", [spelling(one.name) for one in found])
    note_repeats(readers, "email", [one.email.lower() for one in found])
    return tuple(Unit(name=one.name, email=one.email) for one in found)


def read_clerks(readers: Sequence[Reader]) -> tuple[Clerk, ...]:
    """The clerks who type figures into another system, each under an address of their own."""
    found = [read_recipient(reader) for reader in readers]
    note_repeats(readers, "email", [one.email.lower() for one in found])
    return tuple(Clerk(name=one.name, email=one.email) for one in found)


def read_recipient(reader: Reader) -> Recipient:
    """One recipient."""
    name = reader.text("name", most=200)
    if any(not (c.isalpha() or c.isdecimal() or c in _NAME_MARKS) for c in name):
        reader.note("name", "bad_name", value=name)
    elif len(name.encode()) > MOST_NAME_BYTES:
        reader.note("name", "name_too_long", value=name, count=len(name.encode()), most=MOST_NAME_BYTES)
    return Recipient(name=name, email=_read_address(reader))


def _read_address(reader: Reader) -> str:
    address = reader.text("email", most=MOST_ADDRESS)
    if not address or is_mail_address(address):
        return address
    reader.note("email", "bad_address", value=address)
    return ""
