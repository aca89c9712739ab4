"""What a submission shows of being one person's: its flags, which count it apart and drop nothing."""

from collections.abc import Mapping
from datetime import timedelta

from homthu.domain.fields import Field
from homthu.domain.submissions.proof_of_work import is_proof_of_work
from homthu.domain.submissions.submission import Channel, Flag
from homthu.ports import Seal

REVIEW = "review"
#: A review page may be left open for a while, on a shared computer for days.
REVIEW_AGE = timedelta(days=30)
#: Nobody reads the review page faster (OWASP ASVS 5.0, V2.4.2: human timing).
FASTEST = timedelta(seconds=2)


def flags_of(
    fields: Mapping[str, str],
    *,
    key: str,
    is_cross_site: bool,
    is_vouched: bool,
    seal: Seal,
) -> tuple[Flag, ...]:
    """The flags that a form earns. It proves itself by its stamp, or by the review page's time.

    A paper slip is vouched for by the office's code: it was counted before it was typed in, so
    neither speed nor number says anything against it. Without the code that is said of it.
    """
    flags = []
    if fields.get(Field.HONEYPOT):
        flags.append(Flag.HONEYPOT)
    if is_cross_site:
        flags.append(Flag.CROSS_SITE)
    if is_vouched:
        return tuple(flags)
    if fields.get(Field.CHANNEL) == Channel.PAPER:
        flags.append(Flag.UNVOUCHED)
    if not is_proof_of_work(key, fields.get(Field.STAMP, "")):
        reviewed = seal.open(REVIEW, fields.get(Field.SIGNED_TIME, ""), REVIEW_AGE)
        if reviewed is None or reviewed.values != (key,):
            flags.append(Flag.NO_STAMP)
        elif reviewed.age < FASTEST:
            flags.append(Flag.TOO_FAST)
    return tuple(flags)
