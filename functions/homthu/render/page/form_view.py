"""The form for the templates: every question, with what was typed and what is wrong."""

from collections.abc import Iterator, Mapping, Sequence

from homthu.domain.boxes.box import Box, Place
from homthu.domain.boxes.questionnaire import Option, Question, letter, say
from homthu.domain.fields import Field, question_field
from homthu.domain.submissions.answers import AnswerProblem
from homthu.record import record
from homthu.render.page.inputs import ClosedPage, FormPage, ReviewPage, SlipPage
from homthu.render.page.options import FormMode, PageOptions
from homthu.render.texts import Texts

#: The address of the recordings: version, language and question follow.
CLIPS = "/am-thanh/"


@record
class OptionView:
    """One option, and its letter on paper."""

    letter: str
    value: str
    label: str
    is_chosen: bool


@record
class QuestionView:
    """One question with its options, by the name of its field; `problem` is empty when nothing is wrong."""

    number: int
    name: str
    text: str
    called: str
    is_required: bool
    options: tuple[OptionView, ...]
    problem: str
    #: The address of the question's recording, if there is one in the page's language.
    clip: str = ""


@record
class ProblemView:
    """One line of the error summary, leading to its field."""

    anchor: str
    sentence: str


@record
class AnswerView:
    """One line of the review: what was asked and what was answered, in words."""

    question: str
    answer: str
    is_given: bool


def _labels(options: Sequence[Option], language: str) -> tuple[tuple[str, str], ...]:
    return tuple((option.id, say(option.label, language)) for option in options)


def slip_views(page: SlipPage, texts: Texts) -> tuple[QuestionView, ...]:
    """The questions of the paper slip: those of the form, which nobody has answered yet."""
    language = page.options.language
    return tuple(
        QuestionView(
            number=number,
            name=question_field(question.id),
            text=say(question.text, language),
            called=texts("page.problem.question", number=number, short=say(question.short, language)),
            is_required=question.required,
            options=_unchosen(question.options, language),
            problem="",
        )
        for number, question in enumerate(page.box.questionnaire.questions, 1)
    )


def slip_services(page: SlipPage) -> tuple[OptionView, ...]:
    """The services on the paper slip."""
    return _unchosen(page.box.questionnaire.services, page.options.language)


def slip_text_kinds(page: SlipPage) -> tuple[OptionView, ...]:
    """What a text may be, on the paper slip."""
    return _unchosen(page.box.questionnaire.text_kinds, page.options.language)


def _unchosen(options: Sequence[Option], language: str) -> tuple[OptionView, ...]:
    return tuple(
        OptionView(letter=letter(at), value=value, label=label, is_chosen=False)
        for at, (value, label) in enumerate(_labels(options, language))
    )


def question_views(page: FormPage, texts: Texts) -> tuple[QuestionView, ...]:
    """The questions of a form in order, numbered from 1."""
    return tuple(
        _question_view(number, question, page, texts)
        for number, question in enumerate(page.box.questionnaire.questions, 1)
    )


def _question_view(number: int, question: Question, page: FormPage, texts: Texts) -> QuestionView:
    language, name = page.options.language, question_field(question.id)
    return QuestionView(
        number=number,
        name=name,
        text=say(question.text, language),
        called=_called(number, question, page, texts),
        is_required=question.required,
        options=_option_views(page, name, question.options),
        problem=problem_of(name, page, texts),
        clip=_clip(question, page),
    )


def _clip(question: Question, page: FormPage) -> str:
    """The address of the question's recording in the page's language, if there is one. A clerk reads."""
    questionnaire, language = page.box.questionnaire, page.options.language
    is_paper = page.options.mode is FormMode.PAPER
    if is_paper or language not in questionnaire.clips.get(question.id, {}):
        return ""
    return f"{CLIPS}{questionnaire.version}/{language}/{question.id}"


def _called(number: int, question: Question, page: FormPage, texts: Texts) -> str:
    """A short name for a question; with its number where a paper slip that has it is typed in."""
    short = say(question.short, page.options.language)
    if page.options.mode is FormMode.PAPER:
        return texts("page.problem.question", number=number, short=short)
    return short


def service_views(page: FormPage) -> tuple[OptionView, ...]:
    """The services a suggestion can be about."""
    return _option_views(page, Field.SERVICE, page.box.questionnaire.services)


def text_kind_views(page: FormPage) -> tuple[OptionView, ...]:
    """What a text may be; empty in a version that does not ask."""
    return _option_views(page, Field.TEXT_KIND, page.box.questionnaire.text_kinds)


def _option_views(page: FormPage, field: str, options: Sequence[Option]) -> tuple[OptionView, ...]:
    chosen = page.values.get(field, "")
    return tuple(
        OptionView(letter=letter(at), value=value, label=label, is_chosen=value == chosen)
        for at, (value, label) in enumerate(_labels(options, page.options.language))
    )


def problem_of(field: str, page: FormPage, texts: Texts) -> str:
    """The sentence of the first problem of this field; empty if it has none."""
    return next((_sentence(problem, texts) for problem in page.problems if problem.field == field), "")


def _sentence(problem: AnswerProblem, texts: Texts) -> str:
    return texts(f"page.problem.{problem.fault}", **problem.data)


def problem_views(page: FormPage, texts: Texts) -> tuple[ProblemView, ...]:
    """The error summary: each problem with the name of its field."""
    names = field_names(page, texts)
    return tuple(
        ProblemView(
            anchor=problem.field,
            sentence=texts(
                "page.problem.line",
                field=names.get(problem.field, problem.field),
                problem=_sentence(problem, texts),
            ),
        )
        for problem in page.problems
    )


def field_names(page: FormPage, texts: Texts) -> Mapping[str, str]:
    """What each field is called in the error summary."""
    names = {
        question_field(question.id): _called(number, question, page, texts)
        for number, question in enumerate(page.box.questionnaire.questions, 1)
    }
    return {
        **names,
        Field.SERVICE: texts("page.form.service"),
        Field.TEXT: texts("page.form.suggestion"),
        Field.TEXT_KIND: texts("page.form.text_kind"),
    }


def answer_views(page: ReviewPage, texts: Texts) -> tuple[AnswerView, ...]:
    """Every question with its answer in words, the service last."""
    language, questionnaire = page.options.language, page.box.questionnaire
    asked = [
        (say(question.text, language), question_field(question.id), _labels(question.options, language))
        for question in questionnaire.questions
    ]
    asked.append((texts("page.form.service"), Field.SERVICE, _labels(questionnaire.services, language)))
    return tuple(
        _answer_view(text, dict(labels).get(page.values.get(name, "")), texts) for text, name, labels in asked
    )


def text_answer_views(page: ReviewPage, texts: Texts) -> Iterator[AnswerView]:
    """What the text is, and whether it is not to be quoted, of versions that ask; nothing without a text."""
    language, questionnaire = page.options.language, page.box.questionnaire
    if questionnaire.text_kinds and page.values.get(Field.TEXT):
        kinds = dict(_labels(questionnaire.text_kinds, language))
        kind = kinds.get(page.values.get(Field.TEXT_KIND, ""))
        yield _answer_view(texts("page.form.text_kind"), kind, texts)
    if page.values.get(Field.DO_NOT_QUOTE) and page.values.get(Field.TEXT):
        label = say(questionnaire.do_not_quote_label, language)
        yield AnswerView(question=label, answer=texts("page.review.ticked"), is_given=True)


def typed_view(page: ClosedPage, texts: Texts) -> str:
    """What was typed into a form that cannot be taken, as plain text to copy; empty if nothing was."""
    language, questionnaire = page.options.language, page.box.questionnaire
    lines = []
    for number, question in enumerate(questionnaire.questions, 1):
        if option := question.option(page.values.get(question_field(question.id), "")):
            short, label = say(question.short, language), say(option.label, language)
            name = texts("page.problem.question", number=number, short=short)
            lines.append(texts("page.problem.line", field=name, problem=label))
    if text := page.values.get(Field.TEXT, ""):
        lines += ["", text] if lines else [text]
    return "\n".join(lines)


def _answer_view(question: str, answer: str | None, texts: Texts) -> AnswerView:
    unanswered = texts("page.review.unanswered")
    return AnswerView(question=question, answer=answer or unanswered, is_given=answer is not None)


def form_fields(box: Box, place: Place, options: PageOptions, key: str) -> tuple[tuple[str, str], ...]:
    """The hidden fields of the form. The script fills in the key and the stamp."""
    return (
        (Field.PLACE, place.code),
        (Field.QUESTIONNAIRE, box.questionnaire.version),
        (Field.KEY, key),
        (Field.STAMP, ""),
        *options.hidden_fields,
    )


def review_fields(page: ReviewPage) -> tuple[tuple[str, str], ...]:
    """The hidden fields of the review page: the whole form again, with the signed time."""
    return (
        (Field.PLACE, page.place.code),
        (Field.QUESTIONNAIRE, page.box.questionnaire.version),
        (Field.KEY, page.key),
        (Field.SIGNED_TIME, page.signed_time),
        (Field.SEEN, "1"),
        (Field.STAMP, page.values.get(Field.STAMP, "")),
        *page.options.hidden_fields,
        *_typed(page),
    )


def _typed(page: ReviewPage) -> Iterator[tuple[str, str]]:
    names = [question_field(question.id) for question in page.box.questionnaire.questions]
    of_text = (Field.TEXT, Field.TEXT_KIND, Field.DO_NOT_QUOTE)
    for name in (*names, Field.SERVICE, *of_text, Field.HONEYPOT, Field.PAPER_CODE):
        if value := page.values.get(name):
            yield name, value
