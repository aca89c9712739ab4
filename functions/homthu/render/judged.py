"""What citizens say of the answers, as far as it is told."""

from homthu.domain.cases.verdict import VerdictKind
from homthu.domain.releases.figure import Figure
from homthu.render.numbers import format_count
from homthu.render.texts import Texts


def judged(figure: Figure | None, texts: Texts, *, prefix: str) -> str:
    """«Người dân xác nhận 11/13», in the words under a prefix; empty as long as nothing is told."""
    if figure is None:
        return ""
    if figure.alike:
        return texts(f"{prefix}.alike_{figure.alike}", answers=format_count(figure.answers))
    settled = figure.chose({VerdictKind.SETTLED})
    key = "judged" if settled.is_exact else "judged_about"
    return texts(
        f"{prefix}.{key}", settled=format_count(round(settled.middle)), answers=format_count(figure.answers)
    )
