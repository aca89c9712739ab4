"""The results page as open data: the same releases for programs, and nothing that the page does not say.

Its form is `web/open-data.schema.json` (JSON Schema 2020-12). A change that breaks a reader raises the
schema; new keys may come at any time.
"""

import json
from collections.abc import Iterator
from typing import Any

from homthu.domain.boxes.questionnaire import RATINGS, Question
from homthu.domain.releases.figure import Figure
from homthu.domain.releases.series import OVERALL, WARD, Asked
from homthu.domain.reports.printed_digest import printed
from homthu.domain.week import Week
from homthu.render.board.figures import Figures
from homthu.render.board.inputs import ResultsPage

SCHEMA = 1
#: Figures about many, told to everyone: whoever uses them names the ward.
LICENCE = "CC-BY-4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
#: The suffix of the address of a ward's results for programs.
SUFFIX = ".json"
#: The suffix of the address of a week's list of counted forms.
LIST_SUFFIX = ".txt"


def open_data(page: ResultsPage, figures: Figures, *, detailed: int) -> bytes:
    """JSON of what the page shows: every question for this many of the newest weeks, the
    overall for others.
    """
    published, ward = page.published, page.box.ward
    newest, begun = published.last_week, published.releases.begun
    shown = [one for one in published.weeks if newest and one.week.year == newest.year]
    whole = {one.week for one in shown[-detailed:]}
    runs = published.releases.runs(WARD, OVERALL)
    if runs:
        # The newest run is at the top of the page, however long ago it was told.
        whole.add(runs[-1].last)
    return _written(
        {
            "schema": SCHEMA,
            "licence": {"id": LICENCE, "url": LICENCE_URL, "attribution": ward.authority},
            "url": f"{page.base_url}/ket-qua/{ward.code}",
            "ward": {"code": ward.code, "kind": ward.kind, "name": ward.name, "province": ward.province},
            "newest_week": str(newest) if newest else None,
            "releases_since": str(begun) if begun else None,
            "report_digest": printed(page.digest),
            "weeks": [{"week": str(one.week), "forms": one.received} for one in shown],
            "releases": list(_releases(page, figures, {one.week for one in shown} | whole, whole)),
        }
    )


def _releases(
    page: ResultsPage, figures: Figures, weeks: set[Week], whole: set[Week]
) -> Iterator[dict[str, Any]]:
    """By the week that a run ended with: two that ended together are one figure, as on the page."""
    told = page.published.releases
    for week in sorted(weeks):
        if (overall := told.within(week, week, WARD, OVERALL)) is None:
            continue
        if week not in whole:
            # What the page's list says of an old week: how many answered, and the share satisfied.
            yield {**_run(overall, OVERALL), **(_in_words(overall) or _share(overall))}
            continue
        yield {
            **_run(overall, OVERALL),
            **(_in_words(overall) or _counts(overall, RATINGS) or _share(overall)),
        }
        for asked, question in _asked(figures):
            figure = told.within(week, week, WARD, asked)
            # Where some of it was told in words, the page gives rough shares of options; these are not
            # repeated here.
            if figure and (said := _in_words(figure) or _counts(figure, question.answers)):
                yield {**_run(figure, asked), **said}


def _asked(figures: Figures) -> Iterator[tuple[Asked, Question]]:
    """Every question but the overall one, of every version that the page shows."""
    for version in figures.versions():
        for question in (*version.ratings, *version.choices):
            if question.id != version.overall:
                yield Asked(version.version, question.id), question


def _run(figure: Figure, asked: Asked) -> dict[str, Any]:
    of = {} if asked == OVERALL else {"questionnaire": asked.version}
    question = "overall" if asked == OVERALL else asked.question
    weeks = {"first_week": str(figure.first), "last_week": str(figure.last)}
    return {**weeks, **of, "question": question, "answers": figure.answers}


def _in_words(figure: Figure) -> dict[str, Any]:
    return {"alike": figure.alike} if figure.alike else {}


def _counts(figure: Figure, options: tuple[str, ...]) -> dict[str, Any]:
    if not figure.is_exact:
        return {}
    return {"counts": {option: figure.chose({option}).least for option in options}}


def _share(figure: Figure) -> dict[str, Any]:
    return {"satisfied_share": round(figure.satisfied_share, 3)}


def _written(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
