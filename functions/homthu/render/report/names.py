"""What a report calls its places, services, modes and series."""

from dataclasses import dataclass

from homthu.domain.boxes.questionnaire import say
from homthu.domain.releases.series import Series, SeriesKind
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.texts import Texts


@dataclass(frozen=True, kw_only=True)
class Names:
    """Looks up names in the report's box and questionnaires; what is unknown is shown by its code."""

    report: WeeklyReport
    texts: Texts

    def place(self, code: str) -> str:
        """A place, with its former ward where several have the same name."""
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

    def series(self, series: Series) -> str:
        """What a figure is about: a place, a service, a mode, or the rest of one of these."""
        if series.is_rest:
            return self.texts(f"report.name.rest_{series.kind}")
        if series.kind is SeriesKind.PLACE:
            return self.place(series.member)
        if series.kind is SeriesKind.SERVICE:
            return self.service(series.member)
        if series.kind is SeriesKind.MODE:
            return self.mode(series.member)
        return self.texts(f"report.name.{series.kind}")

    def mode(self, id: str) -> str:
        """How a form was filled in."""
        return self.texts(f"report.mode.{id}")
