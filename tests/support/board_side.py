"""The board over the citizen's side: the same store, with weeks to close and cases to make."""

import random
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from citizen_side import NGO_QUYEN, PLACE, Site, client
from fakes.memory_eraser import MemoryEraser
from homthu.adapters.seal import FernetSeal
from homthu.adapters.web_files import LANGUAGES, load_assets, load_templates, load_texts
from homthu.domain.boxes.round import OUTSIDE
from homthu.domain.cases.case import ActionKind, AnswerKind, Case, CaseAction, CaseEvent
from homthu.domain.cases.sorting import Sorting
from homthu.domain.releases.history import History
from homthu.domain.reports.clusters import count_submissions
from homthu.domain.reports.judged import JUDGED, judged_tally
from homthu.domain.reports.ledger import FrozenReport, Head
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.secret import verdicts_of
from homthu.domain.submissions.reference import id_of, make_key, reference_of
from homthu.domain.submissions.submission import Channel, Submission
from homthu.domain.week import Week
from homthu.http import board, withdraw
from homthu.render.board.pages import BoardPages
from homthu.render.templates import make_environment
from homthu.services.erase import ErasureContext
from homthu.services.erase_records import Wording
from werkzeug.test import Client, TestResponse

BOARD_PAGES = BoardPages(
    {language: load_texts(language) for language in LANGUAGES},
    make_environment(load_templates()),
    load_assets(),
)
W45, W46, W47, W48 = (Week(2026, number) for number in (45, 46, 47, 48))
RESULTS = f"/ket-qua/{NGO_QUYEN}"
#: Words that a citizen wrote; they must not be seen where everyone can look.
CITIZENS_WORDS = "Chị ở quầy số ba nói năng khó nghe lắm"


@dataclass
class BoardSite(Site):
    """Implements the parts of `board` too."""

    board_pages: BoardPages = BOARD_PAGES

    def __post_init__(self) -> None:
        super().__post_init__()
        self.reviews = self.ledger = self.archive = self.verdicts = self.store
        #: A test puts one that fails in the place of either.
        self.finder: Any = self.store
        self.cases: Any = self.store
        self.received = 0
        self.eraser = MemoryEraser(self.store)

    @property
    def verdict_seal(self) -> FernetSeal:
        """Seals permits to judge an answer."""
        return FernetSeal(verdicts_of(self.secrets).sealing_keys(), self.clock)

    def judge(self, page: str, **fields: str) -> TestResponse:
        """Send the form of a page that shows an answer."""
        permit = re.search(r'name="phieu" value="([^"]+)"', page)
        assert permit, "no form to judge with"
        return self.submit.post("/tra-cuu/danh-gia", data={"phieu": permit.group(1), **fields})

    @property
    def board(self) -> Client:
        """A client of `board` with nothing in its cache."""
        return client(board.make(self))

    @property
    def withdrawal(self) -> Client:
        """A client of `withdraw`."""
        return client(withdraw.make(self))

    def erasure(self, why: str) -> ErasureContext:
        return ErasureContext(
            finder=self.finder,
            ledger=self.ledger,
            cases=self.cases,
            reviews=self.reviews,
            verdicts=self.verdicts,
            eraser=self.eraser,
            clock=self.clock,
            secrets=self.secrets,
            owner="withdraw",
            wording=Wording(notice="[đã xóa]", step=why, who="Người góp ý"),
            change_outbox=lambda ward, change: 0,
        )

    def receive(self, week: Week, count: int = 1, **changes: Any) -> list[str]:
        """So many submissions in a week; give their references."""
        before, self.now = self.now, week.begins_at + timedelta(days=2)
        references = []
        for _ in range(count):
            self.received += 1
            reference = reference_of(make_key(self.received.to_bytes(16)))
            id = id_of(reference, self.secrets.current)
            self.store.add(id, a_submission(self.received, **changes), "digest")
            references.append(reference)
        self.now = before
        return references

    def side_of(self, path: str) -> Client:
        """A client of the function that answers at a path, of those that only show."""
        return self.board if path.startswith(("/ket-qua", "/tra-cuu", "/.well-known/")) else self.form

    def _note_closed(self, ward: str, week: Week, number: int, digest: str) -> None:
        """Have the head say so, which goes by week whatever order a test closes them in."""
        head = self.store.head(ward)
        if head is None:
            head = self.store.create_head(Head(ward=ward))
        newest = max(week, head.last_week or week)
        stands = Head(
            ward=ward, last_week=newest, last_year=week.year, last_number=number, last_digest=digest
        )
        self.store.replace_head(head, stands)

    def close(self, *weeks: Week, ward: str = NGO_QUYEN, is_old: bool = False) -> None:
        """Assign these weeks and freeze their reports, as `report` does, or did before answers waited."""
        for week in weeks:
            list(self.store.assign_week(ward, week))
            reports = list(self.store.reports(ward, Week(2025, 1)))
            asked = self.boxes.questionnaires
            sorting = Sorting(
                signs=self.boxes.signs, cases_of=lambda one: self.store.cases_of_week(ward, one)
            )
            tally = count_submissions(sorting.sorted(self.store.in_week(ward, week)), asked)
            tally += judged_tally(self.store.verdicts_of(ward, week))
            rounds = (*tally.split(Fact.ROUND), OUTSIDE, JUDGED)
            tally += History.of(reports).decide(week, tally, running=rounds, ending=())
            if is_old:
                kept = (Fact.ALL, Fact.ROUND, Fact.ROUND_PLACE, Fact.TEXT)
                tally = Tally({fact: n for fact, n in tally.counts.items() if fact[0] in kept})
            self._note_closed(ward, week, len(reports) + 1, "ab" * 32)
            self.store.freeze(
                FrozenReport(
                    ward=ward,
                    week=week,
                    year=week.year,
                    number=len(reports) + 1,
                    frozen_on=week.sunday + timedelta(days=1),
                    recipients=(),
                    tally=tally,
                    content="",
                    previous_digest="",
                    digest="ab" * 32,
                )
            )

    def make_case(self, reference: str, *actions: CaseAction, **changes: Any) -> Case:
        """A case of the submission with this reference, with these deeds done after opening it."""
        id = id_of(reference, self.secrets.current)
        stored = self.store.submission(id)
        assert stored
        opened = CaseAction(kind=ActionKind.OPEN)
        history = tuple(
            CaseEvent(
                action=action,
                who="Ban Chỉ đạo",
                on=date(2026, 11, 23) + timedelta(days=n),
                idempotency_key=f"k{n}",
            )
            for n, action in enumerate((opened, *actions))
        )
        case = Case(
            id=id,
            ward=stored.submission.ward,
            place=stored.submission.place,
            service=stored.submission.service,
            week=stored.week,
            is_petition=False,
            history=history,
        )
        return self.store.create_case(replace(case, **changes))

    def look_up(self, typed: str, **fields: str) -> TestResponse:
        """The answer to a reference."""
        return self.board.post("/tra-cuu", data={"ma": typed, **fields})


def a_submission(seed: int, **changes: Any) -> Submission:
    """A plausible submission, with words of its own."""
    chance = random.Random(seed)
    submission = Submission(
        ward=NGO_QUYEN,
        place=PLACE,
        channel=Channel.QR,
        assisted=False,
        questionnaire="qcdc-v1",
        round="2026-4",
        answers={
            "thai_do": chance.choice("554443"),
            "huong_dan": chance.choice("55444321"),
            "trach_nhiem": chance.choice("5443"),
            "thoi_han": chance.choice(["som", "dung", "dung", "tre"]),
            "chung": chance.choice("5544432"),
        },
        text=CITIZENS_WORDS,
        service="ho_tich",
    )
    return replace(submission, **changes)


def answering(subject: str = "Thái độ tiếp dân ở quầy", text: str = "Đã nhắc nhở, bố trí lại.") -> CaseAction:
    """A public answer."""
    return CaseAction(kind=ActionKind.ANSWER, subject=subject, text=text)


def of_each_kind() -> list[CaseAction]:
    """A public answer of each kind, and a promise whose day has come by the end of the month."""
    kinds = [replace(answering(), answer_kind=kind, passed_to="Công ty Điện lực") for kind in AnswerKind]
    return [
        *(replace(one, due_on=date(2026, 12, 31)) for one in kinds),
        replace(kinds[1], due_on=date(2026, 11, 24)),
    ]


ASSIGNED = CaseAction(kind=ActionKind.ASSIGN, text="Bộ phận Một cửa", due_on=date(2026, 11, 30))
CLOSED = CaseAction(kind=ActionKind.CLOSE)
REOPENED = CaseAction(kind=ActionKind.REOPEN)
