"""What a report calls its places, services, ratings and figures."""

from dataclasses import dataclass
from functools import cached_property

from homthu.domain.boxes.questionnaire import NO_OPINION, say
from homthu.domain.reports.figures import Satisfaction
from homthu.domain.reports.rows import PlaceFigures
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.numbers import format_fraction, format_share
from homthu.render.texts import Texts


@dataclass(frozen=True, kw_only=True)
class Names:
    """Looks names up in the report's box and questionnaires; what is unknown is shown by its code."""

    report: WeeklyReport
    texts: Texts

    @cached_property
    def rated_places(self) -> frozenset[str]:
        """The places whose overall rating may be shown; worked out once for many suggestions."""
        return self.report.rated_places

    def place(self, code: str) -> str:
        """A place, with the former ward that tells it from others of its name."""
        place = self.report.box.place(code)
        if place is None:
            return self.texts("report.name.gone_place", code=code)
        if not place.former_ward:
            return place.name
        return self.texts("report.name.former_ward", place=place.name, former=place.former_ward)

    def service(self, id: str) -> str:
        """A service, or that none was named."""
        if not id:
            return self.texts("report.name.no_service")
        service = self.report.service(id)
        return say(service.label, self.texts.language) if service else id

    def rating(self, suggestion: Suggestion) -> str:
        """The overall rating given with a suggestion; empty if none was, or if it is not to be shown."""
        if suggestion.overall == NO_OPINION or suggestion.place not in self.rated_places:
            return ""
        asked = self.report.questionnaire(suggestion.questionnaire)
        question = asked.question(asked.overall) if asked else None
        option = question.option(suggestion.overall) if question else None
        return say(option.label, self.texts.language) if option else ""

    def mode(self, id: str) -> str:
        """How a form was filled in."""
        return self.texts(f"report.mode.{id}")

    def figure(self, satisfaction: Satisfaction) -> str:
        """The share satisfied with its base, the counts alone when few answered, a dash for none."""
        if not satisfaction.valid:
            return self.texts("report.figure.none")
        fraction = format_fraction(satisfaction.satisfied, satisfaction.valid)
        if satisfaction.share is None:
            return fraction
        return self.texts(
            "report.figure.rate_with_base", share=format_share(satisfaction.share), fraction=fraction
        )

    def cell(self, figures: PlaceFigures) -> str:
        """The overall rating of a place, a dash where it is not to be shown."""
        return self.figure(figures.overall) if figures.overall else self.texts("report.figure.hidden")
