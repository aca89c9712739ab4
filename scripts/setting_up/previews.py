"""Previews of a draft beside its fields: the real form, poster, mail and letter, with invented forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from homthu.adapters.box_files.signs import SIGNS, load_signs
from homthu.adapters.web_files import load_texts
from homthu.bootstrap.pages import make_board_pages, make_pages, page_templates
from homthu.domain.boxes.box import Box
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.boxes.round import Round, moment_at, rounds_around
from homthu.domain.cases.step import Answer
from homthu.domain.reports.audience import Audience
from homthu.domain.reports.published import Published
from homthu.domain.week import local_date
from homthu.ports import Clock
from homthu.render.board.inputs import ResultsPage
from homthu.render.letter.draft import letter_of
from homthu.render.marks import unmarked
from homthu.render.page.inputs import FormPage, SlipPage
from homthu.render.page.options import PageOptions
from homthu.render.report.mail import render_body
from jinja2 import Environment
from posters.emblem import BadEmblem, read_emblem
from posters.pack import pack_data
from posters.typesetter import draw
from posters.words import load_words as load_print_words

from setting_up.letter_page import letter_page
from setting_up.preview_box import preview_box
from setting_up.sample_week import SampleWeek
from setting_up.steps import Preview
from setting_up.workplace import Table, Workplace

#: Printed on a poster that must not hang yet.
TRIAL_URL = "https://gopy.example.gov.vn"
#: Whatever is in a mail or letter, it loads nothing and runs nothing.
STILL = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
_MONTHS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A picture or page, and the policy under which a frame shows it."""

    content: bytes
    kind: str
    policy: str = STILL


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A stretch of days in a month with a round: start and end in percent of the month."""

    name: str
    begins: float
    width: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """One line of the calendar."""

    name: str
    bars: tuple[Bar, ...]


class Previews:
    """Makes them from a draft's tables."""

    def __init__(self, place: Workplace, clock: Clock, templates: Environment) -> None:
        self._place = place
        self._clock = clock
        self._templates = templates
        self._pages = make_pages()
        self._board_pages = make_board_pages()
        self._mails = page_templates()
        self._texts = load_texts("vi")
        self._print_texts = load_print_words()
        signs, _ = load_signs(place.shipped / SIGNS)
        self._week = SampleWeek(clock(), TRIAL_URL, signs)

    def show(
        self, which: Preview, table: Table, questionnaires: Mapping[str, Questionnaire], *, at: int
    ) -> Shown:
        """One of them; `at` is the place or recipient to show, counted from zero."""
        box = preview_box(table, questionnaires)
        makers = {
            Preview.FORM: self._form,
            Preview.SLIP: self._slip,
            Preview.POSTER: self._poster,
            Preview.MAIL: self._mail,
            Preview.LETTER: self._letter,
            Preview.CALENDAR: self._calendar,
            Preview.ANSWERS: self._answers,
        }
        return makers[which](box, at)

    def _form(self, box: Box, at: int) -> Shown:
        moment = moment_at(box.rounds, self._clock(), box.closing_hours)
        place = box.places[min(at, len(box.places) - 1)]
        options = PageOptions()
        page = self._pages.form(
            FormPage(box=box, place=place, moment=moment, options=options, base_url=TRIAL_URL)
        )
        kept = page.csp.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
        return Shown(
            content=page.html, kind="text/html; charset=utf-8", policy=f"{kept}; sandbox allow-scripts"
        )

    def _slip(self, box: Box, at: int) -> Shown:
        page = self._pages.slip(
            SlipPage(box=box, place=box.places[0], options=PageOptions(), base_url=TRIAL_URL)
        )
        return Shown(content=page.html, kind="text/html; charset=utf-8")

    def _poster(self, box: Box, at: int) -> Shown:
        data = pack_data(box, TRIAL_URL, 1, self._clock(), self._print_texts)
        data["places"] = [data["places"][min(at, len(box.places) - 1)]]
        try:
            emblem = read_emblem(self._place.boxes, box.ward.emblem)
        except BadEmblem:
            emblem = None
        data["emblem"] = emblem.data if emblem else None
        return Shown(content=draw("preview.typ", data).content, kind="image/png")

    def _mail(self, box: Box, at: int) -> Shown:
        audience = Audience.of(box.recipients[min(at, len(box.recipients) - 1)])
        report = self._week.report(box, audience)
        mail = render_body(report, texts=self._texts, templates=self._mails, desk_url=f"{TRIAL_URL}/xu-ly")
        return _page(unmarked(mail.html))

    def _letter(self, box: Box, at: int) -> Shown:
        report = next(iter(self._week.reports(box).values()))
        return _page(letter_page(letter_of(report, self._texts)))

    def _answers(self, box: Box, at: int) -> Shown:
        today = local_date(self._clock())
        answers = [(Answer(subject=one.name, text=one.text, on=today), "") for one in box.answers]
        page = self._board_pages.results(
            ResultsPage(
                box=box,
                questionnaires={box.questionnaire.version: box.questionnaire},
                published=Published(),
                round=None,
                answers=answers,
                answered=len(answers),
                in_hand=0,
                digest="",
                today=today,
                options=PageOptions(),
                base_url=TRIAL_URL,
            )
        )
        return Shown(content=page.html, kind="text/html; charset=utf-8")

    def _calendar(self, box: Box, at: int) -> Shown:
        months = calendar(box, local_date(self._clock()))
        return _page(self._templates.get_template("setup/calendar.html").render(months=months))


def _page(html: str) -> Shown:
    # A lone surrogate, which no browser sends as such, is nothing that a page can hold.
    return Shown(content=html.encode("utf-8", "replace"), kind="text/html; charset=utf-8")


def calendar(box: Box, today: date) -> list[Month]:
    """The twelve months from this one on, each with the stretches in which a round is open."""
    rounds = [*rounds_around(box.rounds, today), *rounds_around(box.rounds, today + timedelta(days=366))]
    found = {round_.id: round_ for round_ in rounds}
    first, months = today.replace(day=1), []
    for _ in range(_MONTHS):
        following = (first + timedelta(days=32)).replace(day=1)
        bars = (_bar(round_, first, following) for round_ in found.values())
        months.append(Month(name=f"{first.month:02}/{first.year}", bars=tuple(bar for bar in bars if bar)))
        first = following
    return months


def _bar(round_: Round, first: date, following: date) -> Bar | None:
    days = (following - first).days
    begins = max(round_.opens_on, first)
    ends = min(round_.closes_on + timedelta(days=1), following)
    if begins >= ends:
        return None
    return Bar(
        name=round_.name,
        begins=round(100 * (begins - first).days / days, 2),
        width=round(100 * (ends - begins).days / days, 2),
    )
