"""What an erasure needs, over a store in memory."""

from typing import Any

from fakes.memory_eraser import MemoryEraser
from fakes.memory_store import MemoryStore
from homthu.domain.submissions.reference import make_key, reference_of
from homthu.ports import Clock
from homthu.render.report.anchor import plain_text
from homthu.services.erase import ErasureContext
from homthu.services.erase_records import Wording
from homthu.services.frozen_content import is_mail
from report_harness import SECRETS

WORDING = Wording(notice="[đã xóa]", step="Đã xóa theo yêu cầu", who="Người vận hành")


def erasure(store: MemoryStore, clock: Clock, **changes: Any) -> ErasureContext:
    """Everything from one store, with no outbox unless `changes` have one."""
    values: dict[str, Any] = {
        **dict.fromkeys(("finder", "ledger", "cases", "reviews", "verdicts"), store),
        "eraser": MemoryEraser(store),
        "clock": clock,
        "secrets": SECRETS,
        "owner": "eraser",
        "wording": WORDING,
        "change_outbox": lambda ward, change: 0,
    }
    return ErasureContext(**(values | changes))


def reference(number: int) -> str:
    """The reference of the submission that a harness received as its `number`th."""
    return reference_of(make_key(number.to_bytes(16)))


def is_kept(store: MemoryStore, words: str) -> bool:
    """Whether a mail in the store says this, as who opens it reads it."""
    return any(words in plain_text(mail) for name, mail in store.contents.items() if is_mail(name))
