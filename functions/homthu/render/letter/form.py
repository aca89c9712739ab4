"""The official forms of the three heads: Youth Union, Party, People's Committee.

People's Committee: Nghị định 30/2020/NĐ-CP, Phụ lục I. Party: Hướng dẫn 05-HD/VPTW (2026), known
from second-hand sources that differ in detail (18 or 19 points, who signs in bold), so the office
may have to adjust the draft. Youth Union: as Nghị định 30, with the Union's own head and number.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from homthu.domain.boxes.box import LetterHead, ReportStyle
from homthu.render.letter.document import Margins, Measure

#: A4 210 × 297; margins within 20–25, 30–35 and 15–20 mm, Phụ lục I, mục I.4.
_STATE_MARGINS = Margins(top=20, bottom=20, left=30, right=15)
_STATE_MEASURE = Measure(size=14, indent_mm=12.7, gap_before=6, line_multiple=1.05)
_PARTY_MARGINS = Margins(top=20, bottom=20, left=30, right=15)
_PARTY_MEASURE = Measure(size=14, indent_mm=10, gap_before=6, line_points=18)


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterForm:
    """What one head prescribes.

    `left_part` is the issuer's part of the width. `right_top` and `right_motto` are the keys of the
    words at the top right; `mark` stands under the issuer instead of a rule. `number` and `joint`
    make the line of the number. `is_addressed` says whether the report is addressed at its top,
    `ending` closes its text, and `copies_underlined` tells the two ways to head the list of copies
    apart.
    """

    margins: Margins
    measure: Measure
    left_part: float
    right_top: str
    right_motto: str
    right_size: float
    mark: str
    number: str
    joint: str
    title_rule: bool
    is_addressed: bool
    ending: str
    copies_underlined: bool


FORMS: Mapping[LetterHead, LetterForm] = {
    LetterHead.DOAN: LetterForm(
        margins=_STATE_MARGINS,
        measure=_STATE_MEASURE,
        left_part=0.5,
        right_top="letter.head.union",
        right_motto="",
        right_size=13,
        mark="***",
        number="letter.head.number_colon",
        joint="-",
        title_rule=True,
        is_addressed=True,
        ending="./.",
        copies_underlined=False,
    ),
    LetterHead.DANG: LetterForm(
        margins=_PARTY_MARGINS,
        measure=_PARTY_MEASURE,
        left_part=0.5,
        right_top="letter.head.party",
        right_motto="",
        right_size=14,
        mark="*",
        number="letter.head.number",
        joint="-",
        title_rule=False,
        is_addressed=False,
        ending=".",
        copies_underlined=True,
    ),
    LetterHead.UBND: LetterForm(
        margins=_STATE_MARGINS,
        measure=_STATE_MEASURE,
        left_part=0.4,
        right_top="letter.head.state",
        right_motto="letter.head.motto",
        right_size=12,
        mark="",
        number="letter.head.number_colon",
        joint="/",
        title_rule=True,
        is_addressed=True,
        ending="./.",
        copies_underlined=False,
    ),
}


def form_of(style: ReportStyle) -> LetterForm:
    """The form of a box's report."""
    return FORMS[style.head]


#: Abbreviations that offices use. In the head the issuing body is written in full, the one above it may be
#: abbreviated: Nghị định 30/2020, Phụ lục I, mục II.2.
_IN_FULL = {
    "BCH": "Ban Chấp hành",
    "BTV": "Ban Thường vụ",
    "BCĐ": "Ban Chỉ đạo",
    "UBND": "Ủy ban nhân dân",
    "HĐND": "Hội đồng nhân dân",
    "MTTQ": "Mặt trận Tổ quốc",
    "QCDC": "Quy chế dân chủ",
    "THDCCS": "thực hiện dân chủ ở cơ sở",
    "Đoàn TN": "Đoàn Thanh niên",
}
_PARTY_COMMITTEES = ("đảng ủy", "đảng uỷ", "ban thường vụ đảng", "ban chấp hành đảng")
_STEERING = ("ban chỉ đạo", "bcđ")


def in_full(name: str) -> str:
    """The name of a body with the usual abbreviations expanded; everything else as the ward writes it."""
    for short, full in _IN_FULL.items():
        name = re.sub(rf"\b{short}\b", full, name)
    return name


def is_above_its_addressee(style: ReportStyle) -> bool:
    """Whether a Party committee would report to a steering committee, which is below it."""
    return style.issuer.casefold().startswith(_PARTY_COMMITTEES) and style.committee.casefold().startswith(
        _STEERING
    )


def superior_of(style: ReportStyle) -> str:
    """The body above, in capitals for the head."""
    return style.superior.upper()


def issuer_of(style: ReportStyle) -> str:
    """The issuing body's full name, in capitals."""
    return in_full(style.issuer).upper()
