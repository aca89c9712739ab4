"""Close a period: the report of a round or of a year, made when its last week is closed."""

from collections.abc import Iterator

from homthu.domain.boxes.box import Box
from homthu.domain.reports.edition import EditionKind
from homthu.domain.reports.ledger import FrozenReport
from homthu.domain.reports.period import Period, ending_periods
from homthu.domain.reports.tally import Tally
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.week import Week
from homthu.services.claim import Claim
from homthu.services.compile_report import compile_period
from homthu.services.freeze import Chain
from homthu.services.office import Office
from homthu.services.read_week import stamped


def close_periods(office: Office, claim: Claim, chain: Chain, box: Box, week: Week) -> list[FrozenReport]:
    """Freeze the report of every round and year that ends in this week, each once."""
    frozen = []
    for period in ending_periods(box.rounds, box.closing_hours, week):
        office.progress(f"{box.ward.code} {period.edition}: closing")
        frozen.append(chain.freeze(box, week, period.edition, _Maker(office, claim, box, week, period)))
    return frozen


class _Maker:
    """Makes the report of a period once its number is known."""

    def __init__(self, office: Office, claim: Claim, box: Box, week: Week, period: Period) -> None:
        self._office = office
        self._claim = claim
        self._box = box
        self._week = week
        self._period = period

    def __call__(self, number: int) -> tuple[Tally, bytes]:
        """The tally and the mail."""
        return compile_period(self._office, self._box, self._week, number, self._period, self._submissions)

    def _submissions(self) -> Iterator[StoredSubmission]:
        """All that belongs to the period, streamed week by week. One that came late lies in a later week."""
        weeks = [week for week in self._period.weeks if week < self._week]
        for week in [*weeks, self._week]:
            for stored in stamped(self._office, self._claim, week):
                is_year = self._period.kind is EditionKind.YEAR
                if is_year or stored.submission.round == self._period.mark:
                    yield stored
