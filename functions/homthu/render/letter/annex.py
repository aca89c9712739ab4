"""The annexes of a letter: what people wrote, and how the cases stand, each with a head of its own.

Nghị định 30/2020, Phụ lục I, mục III: «Phụ lục» and its number in small letters, its title in capitals,
what it goes with in italics; numbered in Roman figures where there are several.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.letter.document import Align, Block, Paragraph, Role, Run
from homthu.render.letter.form import form_of, in_full
from homthu.render.report.period import period_name
from homthu.render.texts import Texts

_ROMAN = ("I", "II", "III")


@dataclass(frozen=True, slots=True)
class Annexes:
    """Which annexes a letter has, in their order, by the keys of their titles."""

    keys: tuple[str, ...]

    @classmethod
    def of(cls, report: WeeklyReport) -> "Annexes":
        """What people wrote if anything is quoted; the cases if there are any or room is needed for them."""
        has = {
            "suggestions": bool(report.suggestions.quoted),
            "handling": report.case_statistics.is_used or bool(report.suggestions.quoted),
        }
        return cls(tuple(key for key, is_there in has.items() if is_there))

    def name(self, key: str, texts: Texts) -> str:
        """«Phụ lục I», or «Phụ lục» where it is the only one."""
        if len(self.keys) == 1:
            return texts("letter.annex.only")
        return texts("letter.annex.numbered", number=_ROMAN[self.keys.index(key)])

    def head(self, key: str, report: WeeklyReport, texts: Texts) -> Sequence[Block]:
        """The three lines over an annex."""
        style = report.box.report
        title = texts(f"letter.annex.{key}", period=period_name(report, texts)).upper()
        attached = texts(
            "letter.annex.attached",
            joint=form_of(style).joint,
            symbol=style.symbol,
            year=report.made_on.year,
            issuer=in_full(style.issuer),
        )
        return [
            Paragraph(
                runs=(Run(text=self.name(key, texts), size=14),), role=Role.HEADING, align=Align.CENTRE
            ),
            Paragraph(runs=(Run(text=title, size=14),), role=Role.TITLE),
            Paragraph(
                runs=(Run(text=attached, size=14, italic=True),),
                align=Align.CENTRE,
                rule_mm=60,
                with_next=True,
            ),
        ]
