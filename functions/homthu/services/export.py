"""Export: a ward's submissions as rows, in an order that reveals nothing."""

from collections.abc import Iterator
from datetime import date

from homthu.domain.submissions.personal_data import mask_personal_data
from homthu.domain.submissions.submission import ExportRow, StoredSubmission
from homthu.ports import SubmissionArchive


def export(
    archive: SubmissionArchive, *, ward: str, first: date | None, last: date | None, is_raw: bool = False
) -> Iterator[ExportRow]:
    """The ward's submissions received from the first day to the last, both included.

    What identifies a person is masked in the texts unless raw texts are wanted. The rows are in the order of
    the ids, which are random, so that the order says nothing about time.
    """
    for stored in archive.everything(ward):
        if (first is None or first <= stored.received_on) and (last is None or stored.received_on <= last):
            yield _row(stored, is_raw=is_raw)


def _row(stored: StoredSubmission, *, is_raw: bool) -> ExportRow:
    one = stored.submission
    return ExportRow(
        ward=one.ward,
        place=one.place,
        channel=one.channel.value,
        assisted=one.assisted,
        questionnaire=one.questionnaire,
        round=one.round,
        week=str(stored.week),
        received_on=stored.received_on.isoformat(),
        answers=dict(one.answers),
        text=one.text if is_raw else mask_personal_data(one.text),
        service=one.service,
        flags=[flag.value for flag in one.flags],
        text_kind=one.text_kind or "",
        do_not_quote=one.do_not_quote,
    )
