"""A ward with a recipient of every kind, texts that each have a word of their own, and readers who decide."""

import copy
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import chain, combinations
from typing import Any

from homthu.domain.boxes.box import Reads, Recipient
from homthu.domain.cases.review import Decision, ReviewKind, WithholdReason
from homthu.domain.week import local_date
from homthu.services.review import review_text
from published_ward import PublishedWard, unpacked
from report_harness import W47, monday

ORDINARY = {
    name: f"Ghế ở sảnh số {name} bị hỏng, xin sửa sớm" for name in ("passA", "maskB", "heldC", "thankD")
}
ORDINARY |= {"waitE": "Biển chỉ dẫn waitE mờ quá, xin thay"}
PETITION = "Tôi tố cáo cán bộ petF nhận phong bì ở quầy hai"
LATER = "Góp ý laterG của tuần sau"
EVERY = (*ORDINARY, "petF")
KINDS = [frozenset(some) for some in chain.from_iterable(combinations(Reads, n) for n in (1, 2, 3))]


def recipient(reads: Iterable[Reads]) -> Recipient:
    name = "-".join(sorted(reads))
    return Recipient(name=name, email=f"{name}@example.org", reads=frozenset(reads))


FULL = recipient({Reads.FIGURES, Reads.WORDS})
ALL = recipient(Reads)
FIGURES = recipient({Reads.FIGURES})
WORDS = recipient({Reads.WORDS})
PETITIONS = recipient({Reads.PETITIONS})


class ReadWard(PublishedWard):
    """A ward with a recipient of every kind, whose readers decide about texts."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.box = replace(self.box, recipients=tuple(recipient(reads) for reads in KINDS))

    def begin(self) -> None:
        """Receive a week with a text of every kind."""
        self.receive(W47.begins_at, 12)
        for text in (*ORDINARY.values(), PETITION):
            self.receive(W47.begins_at, text=text)

    def again(self) -> "ReadWard":
        """The same ward as it stands, which may be changed: the mails of a week take seconds to make."""
        made = ReadWard(now=self.now)
        made.box, made.sent_count, made.pages = self.box, self.sent_count, list(self.pages)
        made.mailer.sent = list(self.mailer.sent)
        for name, value in vars(self.store).items():
            if isinstance(value, dict):
                setattr(made.store, name, copy.deepcopy(value))
        made.store._revisions = self.store._revisions
        return made

    def id_of(self, word: str) -> str:
        (found,) = (one.id for one in self.store.everything(self.ward) if word in one.submission.text)
        return found

    def decide(self, word: str, kind: ReviewKind, **changes: Any) -> None:
        review = self.store.review(self.id_of(word))
        review_text(
            self.store,
            self.store,
            self.store,
            self.context.signs,
            ward=self.ward,
            id=self.id_of(word),
            seen=len(review.history) if review else 0,
            decision=Decision(kind=kind, **changes),
            who="Người đọc",
            on=local_date(self.now),
            idempotency_key=f"0123456789abcdef-{self.now:%d%H}-{kind}",
        )

    def mail(self, who: Recipient, number: int = -1) -> bytes:
        """One of the mails that a recipient got, the newest unless another is asked for."""
        return [sent.message for sent in self.mailer.sent if sent.recipient == who.email][number]

    def words_in(self, who: Recipient, number: int = -1) -> set[str]:
        """The words of texts that a mail holds anywhere."""
        parts = b"\n".join(unpacked(self.mail(who, number))).decode("utf-8", "replace")
        return {word for word in (*EVERY, "laterG") if word in parts}


def decide_about_all(ward: ReadWard) -> None:
    ward.now = monday(W47) + timedelta(days=1)
    ward.decide("passA", ReviewKind.PASS)
    ward.decide("maskB", ReviewKind.MASK, text="Ghế ở sảnh […] bị hỏng, xin sửa sớm")
    ward.decide("heldC", ReviewKind.WITHHOLD, reason=WithholdReason.INSULT)
    ward.decide("thankD", ReviewKind.THANK)
