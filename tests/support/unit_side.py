"""A unit's side: what it is mailed, and what it does with the link in it."""

import re
from datetime import timedelta
from typing import Any

from desk_side import ONCE, UNITS, DeskSite
from homthu.render.report.anchor import plain_text
from homthu.services.unit_mails import tell_units
from werkzeug.test import TestResponse

TEXT = "Quầy chứng thực chờ lâu, gọi tôi số 0912 345 678"
ASSIGN = {"don_vi": UNITS[0].name, "han": "2026-12-04"}


def assign(site: DeskSite, reference: str, **changes: Any) -> TestResponse:
    done = site.act(reference, "assign", **{"idempotency_key": f"{ONCE}-a", **ASSIGN, **changes})
    assert done.status_code == 200
    return done


def mails(site: DeskSite, to: str = UNITS[0].email) -> list[str]:
    return [plain_text(mail.message) for mail in site.mailer.sent if mail.recipient == to]


def links(site: DeskSite, to: str = UNITS[0].email) -> list[str]:
    return re.findall(r"https://\S+/xu-ly/don-vi/\S+", "\n".join(mails(site, to)))


def token(link: str) -> str:
    return link.rpartition("/")[2]


def open_task(site: DeskSite, link: str) -> TestResponse:
    return site.post("viec", token(link))


def report(site: DeskSite, link: str, text: str, *, seen: int = 2, once: str = f"{ONCE}-r") -> TestResponse:
    return site.post("bao", token(link), lan=once, buoc=str(seen), tra_loi=text)


def run(site: DeskSite, days: int = 0) -> None:
    site.now += timedelta(days=days)
    assert all(one.is_done for one in tell_units(site.unit_post, site.boxes.by_ward.values()))
