"""The weekly report as a draft in the official form, which an office numbers, dates and signs.

What the system does not know it does not say: the conclusions are left to the drafter, and what the drafter
must know is beside the text, as comments that go when it is signed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.letter.annex import Annexes
from homthu.render.letter.document import Align, Block, Letter, Paragraph, Role, Run, body
from homthu.render.letter.form import form_of, is_above_its_addressee
from homthu.render.letter.head import head_blocks, sign_blocks
from homthu.render.letter.tables import (
    EXCERPT_CHARACTERS,
    MAX_CASES,
    case_grid,
    choice_grid,
    cut,
    group_grid,
    place_grid,
    question_grid,
    suggestion_grid,
)
from homthu.render.letter.word import write_letter
from homthu.render.marks import mark
from homthu.render.numbers import format_count, format_date
from homthu.render.report import told
from homthu.render.report.anchor import previous
from homthu.render.report.cases import confirmed, handling_sentence, more_cases
from homthu.render.report.headline import beside, data_quality, notes, overall, scope, silent
from homthu.render.report.names import Names
from homthu.render.report.period import capitalised, period_name
from homthu.render.report.quotes import in_order, praise
from homthu.render.report.tables import nothing_told
from homthu.render.report.themes import themes
from homthu.render.texts import Texts


def render_letter(report: WeeklyReport, *, texts: Texts) -> bytes:
    """The draft as the bytes of a .docx."""
    return write_letter(letter_of(report, texts))


def letter_of(report: WeeklyReport, texts: Texts) -> Letter:
    """The draft, before any file format."""
    draft = _Draft.of(report, texts)
    form = form_of(report.box.report)
    return Letter(
        title=texts("letter.draft.title", period=period_name(report, texts), ward=report.box.ward.full_name),
        author=report.box.report.issuer,
        notes_by=texts("letter.note.by"),
        made_on=report.made_on,
        margins=form.margins,
        measure=form.measure,
        draft_mark=texts("letter.draft.mark"),
        pages=(
            *head_blocks(report, texts),
            *draft.reception(),
            *draft.rating(),
            *draft.suggestions(),
            *draft.handling(),
            *draft.remarks(),
            *sign_blocks(report.box.report, texts),
        ),
        annexes=tuple(tuple(draft.annex(key)) for key in draft.annexes.keys),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Draft:
    """The sections of one draft; its tables are numbered in order of appearance."""

    report: WeeklyReport
    names: Names
    annexes: Annexes
    tables: tuple[str, ...]

    @classmethod
    def of(cls, report: WeeklyReport, texts: Texts) -> "_Draft":
        versions = [asked.version for asked in report.versions]
        rated = [f"questions {version}" for version in versions]
        chosen = [f"choices {version}" for version in versions]
        told_tables = [*rated, "groups", *chosen] if _tells_anew(report, texts) else []
        annexes = Annexes.of(report)
        return cls(
            report=report,
            names=Names(report=report, texts=texts),
            annexes=annexes,
            tables=("places", *told_tables, *annexes.keys),
        )

    def reception(self) -> Iterator[Block]:
        """I. What came, and from where."""
        report, texts = self.report, self.names.texts
        places = format_count(len(report.box.places))
        yield self._heading("reception")
        yield body(
            texts(
                "letter.reception.scope",
                held=scope(report, texts),
                places=places,
                silent=capitalised(silent(report, self.names)),
            ),
            note=texts("letter.note.places", made_on=format_date(report.made_on), places=places),
        )
        yield body(
            texts(
                "letter.reception.received" if report.forms.received else "letter.reception.none",
                period=period_name(report, texts),
                received=format_count(report.forms.received),
                beside=beside(report, texts),
                table=self._table("places"),
            )
        )
        if report.forms.received:
            yield body(texts("letter.reception.quality", data_quality=data_quality(report, self.names)))
        yield self._caption("places")
        yield place_grid(report, self.names)

    def rating(self) -> Iterator[Block]:
        """II. What was told of the answers."""
        report, texts = self.report, self.names.texts
        yield self._heading("rating")
        if not _tells_anew(report, texts):
            # What was told before is in the letters that told it.
            last = texts("letter.rating.last", overall=overall(report, texts))
            yield body(nothing_told(report, texts) or last)
            return
        yield body(
            texts("letter.rating.overall", overall=overall(report, texts), table=self._table("questions"))
        )
        yield from (body(sentence) for sentence in told.comparisons(report, texts))
        for asked in report.versions:
            yield self._caption("questions", asked)
            yield question_grid(report, asked, self.names)
        yield body(texts("letter.rating.groups", table=self._table("groups")))
        yield self._caption("groups")
        yield group_grid(report, self.names)
        yield _hint(texts("letter.rating.hint"))
        if serious := told.serious(report.serious, texts):
            yield body(texts("letter.rating.serious", serious=serious))
        yield body(texts("letter.rating.choices", table=self._table("choices")))
        for asked in report.versions:
            yield self._caption("choices", asked)
            yield choice_grid(report, asked, self.names)

    def suggestions(self) -> Iterator[Block]:
        """III. What people wrote."""
        texts, forms = self.names.texts, self.report.forms
        yield self._heading("suggestions")
        if self.report.suggestions.quoted:
            yield body(
                texts(
                    "letter.suggestions.readable"
                    if self.report.audience.reads_words
                    else "letter.suggestions.passed_only",
                    readable=format_count(self.report.told_texts),
                    passed=format_count(self.report.suggestions.readable),
                    table=self._table("suggestions"),
                    annex=self.annexes.name("suggestions", texts),
                ),
                note=texts("letter.note.suggestions"),
            )
        else:
            yield body(texts("letter.suggestions.none"))
        if found := themes(self.report, texts):
            yield body(found)
        yield from self._praise()
        petitions = "petitions" if forms.petitions else "petitions_none"
        if not self.report.tells_petitions:
            petitions = "petitions_elsewhere"
        yield body(texts(f"letter.suggestions.{petitions}", petitions=format_count(forms.petitions)))

    def _praise(self) -> Iterator[Block]:
        texts, chosen = self.names.texts, self.report.suggestions
        if not chosen.praise:
            return
        examples = (
            texts(
                "letter.suggestions.example",
                text=mark(one.id, cut(one.text, EXCERPT_CHARACTERS, texts)),
                name=one.name,
            )
            for one in chosen.praised
        )
        said = praise(chosen.praise, texts)
        yield body(texts("letter.suggestions.praise", praise=said, examples="; ".join(examples)))

    def handling(self) -> Iterator[Block]:
        """IV. How the cases stand."""
        texts, cases = self.names.texts, self.report.case_statistics
        yield self._heading("handling")
        if "handling" not in self.annexes.keys:
            yield body(handling_sentence(cases, texts) + confirmed(self.report, texts))
            return
        yield body(
            texts(
                "letter.handling.course",
                course=handling_sentence(cases, texts) + confirmed(self.report, texts),
                table=self._table("handling"),
                annex=self.annexes.name("handling", texts),
            ),
            note=texts("letter.note.handling", day=format_date(self.report.last_day)),
        )

    def remarks(self) -> Iterator[Block]:
        """V. The drafter's conclusions, how to read the figures, and the closing."""
        report, texts, style = self.report, self.names.texts, self.report.box.report
        yield self._heading("remarks", note=texts("letter.note.remarks"))
        yield body(texts("letter.remarks.remarks"), align=Align.LEFT)
        yield body(texts("letter.remarks.proposals"), align=Align.LEFT)
        yield body(texts("letter.remarks.notes"), with_next=True)
        found = (*notes(report, texts), *previous(report, texts))
        for number, note in enumerate(found, 1):
            # The last one goes along with the closing: that and the signature never stand alone on a page.
            yield body(texts("letter.remarks.note", note=note), with_next=number == len(found))
        is_above = is_above_its_addressee(style)
        yield body(
            texts(
                "letter.remarks.closing_below" if is_above else "letter.remarks.closing",
                period=period_name(report, texts),
                issuer=style.issuer,
                committee=style.committee,
                ending=form_of(style).ending,
            ),
            note=texts("letter.note.closing_below") if is_above else "",
            with_next=True,
        )

    def annex(self, key: str) -> Iterator[Block]:
        """One annex, from its head to the note on what it leaves out."""
        report, texts = self.report, self.names.texts
        yield from self.annexes.head(key, report, texts)
        yield self._caption(key)
        if key == "handling":
            yield case_grid(report, self.names)
            more = more_cases(report, texts, cases=MAX_CASES)
        else:
            quoted = in_order(report, report.suggestions.quoted)
            yield suggestion_grid(quoted, self.names)
            chosen = report.suggestions
            more = "letter.annex.more_part" if chosen.left_out else "letter.annex.more" if chosen.more else ""
            more = more and texts(
                more,
                quoted=format_count(chosen.forms_quoted),
                readable=format_count(chosen.readable),
                written=format_count(chosen.in_workbook),
            )
        if more:
            yield _hint(more)

    def _heading(self, section: str, *, note: str = "") -> Paragraph:
        text = self.names.texts(f"letter.{section}.heading")
        return Paragraph(runs=(Run(text=text),), role=Role.HEADING, note=note)

    def _table(self, key: str) -> str:
        """The numbers of the tables of a kind, as a sentence names them: «2», or «2, 3»."""
        return ", ".join(
            str(number) for number, one in enumerate(self.tables, 1) if one.partition(" ")[0] == key
        )

    def _caption(self, key: str, asked: Questionnaire | None = None) -> Paragraph:
        texts = self.names.texts
        number = self.tables.index(f"{key} {asked.version}" if asked else key) + 1
        title = texts(f"letter.caption.{key}")
        if asked and len(self.report.versions) > 1:
            title = texts("letter.caption.version", title=title, version=asked.version)
        label = texts("letter.caption.label")
        return Paragraph(
            runs=(
                Run(text=f"{label} "),
                Run(text=str(number), field=rf"SEQ {label} \* ARABIC"),
                Run(text=texts("letter.caption.title", title=title)),
            ),
            role=Role.CAPTION,
        )


def _tells_anew(report: WeeklyReport, texts: Texts) -> bool:
    """Whether the tables say anything that no earlier letter did: in a week without forms they do not."""
    if nothing_told(report, texts):
        return False
    return bool(report.forms.received or report.period or report.releases.has_news)


def _hint(text: str) -> Paragraph:
    return Paragraph(runs=(Run(text=text, size=12, italic=True),), gap_before=3)
