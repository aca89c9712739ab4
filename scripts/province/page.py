"""The page of the province: one self-contained file that loads nothing from anywhere."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from environment import ROOT
from homthu.render.numbers import format_count, format_date, format_share
from homthu.render.templates import make_environment
from homthu.render.texts import Texts

from province.shares import WardForms, WardShare, groups

TEMPLATES = ROOT / "web" / "templates" / "print"
_NAME = "province.html"
COLUMNS = {
    "group": 12,
    "province": 20,
    "ward_code": 10,
    "ward": 26,
    "forms": 12,
    "answers": 12,
    "days": 24,
    "share": 12,
    "interval": 18,
}


def render_page(results: Sequence[WardShare | WardForms], today: date, texts: Texts) -> bytes:
    """The page of these wards."""
    source = (TEMPLATES / _NAME).read_text("utf-8")
    say = partial(_say, texts)
    found = groups(one for one in results if isinstance(one, WardShare))
    html = (
        make_environment({_NAME: source})
        .get_template(_NAME)
        .render(
            t=say,
            day=format_date(today),
            groups=[
                {
                    "title": say("group" if len(group) > 1 else "alone", number=number, wards=len(group)),
                    "wards": [_shown(one, say) for one in group],
                }
                for number, group in enumerate(found, 1)
            ],
            waiting=[
                {
                    "name": one.name,
                    "province": one.province,
                    "url": one.url,
                    "forms": say("forms", n=format_count(one.forms)),
                }
                for one in sorted(results, key=lambda one: (one.name, one.code))
                if isinstance(one, WardForms)
            ],
        )
    )
    return html.encode()


def share_rows(results: Sequence[WardShare | WardForms]) -> list[dict[str, str]]:
    """The same as rows of a sheet, with the columns `COLUMNS`."""
    rows = []
    for number, group in enumerate(groups(one for one in results if isinstance(one, WardShare)), 1):
        rows += [
            {
                **_about(one),
                "group": str(number),
                "answers": format_count(one.answers),
                "days": one.days,
                "share": format_share(one.share),
                "interval": f"{format_share(one.low)}–{format_share(one.high)}",
            }
            for one in group
        ]
    return rows + [_about(one) for one in results if isinstance(one, WardForms)]


def _about(one: WardShare | WardForms) -> dict[str, str]:
    return {
        "province": one.province,
        "ward_code": one.code,
        "ward": one.name,
        "forms": format_count(one.forms),
    }


def _shown(one: WardShare, say: Any) -> dict[str, str]:
    low, high = round(one.low * 100, 1), round(one.high * 100, 1)
    return {
        "name": one.name,
        "province": one.province,
        "url": one.url,
        "figure": say(
            "figure",
            share=format_share(one.share),
            low=format_share(one.low),
            high=format_share(one.high),
            answers=format_count(one.answers),
            days=one.days,
            forms=format_count(one.forms),
        ),
        "low": f"{low}",
        "width": f"{max(high - low, 0.5):.1f}",
    }


def _say(texts: Texts, key: str, **values: object) -> str:
    return texts(f"register.shares.{key}", **values)
