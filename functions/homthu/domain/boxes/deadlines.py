"""How soon a ward promises to deal with a suggestion that it took in hand."""

from datetime import date

from homthu.domain.working_days import ORDINARY, WorkingDays
from homthu.record import record


@record
class Deadlines:
    """In working days since a case was opened or reopened: until it is assigned, and until it is answered."""

    assign: int = 5
    answer: int = 15
    calendar: WorkingDays = ORDINARY

    def assign_by(self, since: date) -> date:
        """The last day to assign a case opened on a day."""
        return self.calendar.after(since, self.assign)

    def answer_by(self, since: date) -> date:
        """The last day to answer a case opened on a day."""
        return self.calendar.after(since, self.answer)


#: The defaults, for a box file that sets none.
USUAL_DEADLINES = Deadlines()
