"""Texts set apart: what may be a complaint or a denunciation is counted in a report, never quoted.

Luật Tố cáo 2018 (articles 22 to 25) keeps a denouncer's identity and words from spreading; this
only points such texts out for a person to read.
"""

from homthu.domain.boxes.questionnaire import ASKED_FOR_MONEY, HARASSED
from homthu.domain.submissions.signs import Signs
from homthu.domain.submissions.submission import Submission

#: Someone who gave one of these answers and wrote a text most likely wrote about just that.
_SERIOUS = frozenset({ASKED_FOR_MONEY, HARASSED})


def is_set_apart(submission: Submission, signs: Signs) -> bool:
    """Whether the text is not to be quoted: its author asked for that, gave such an answer, or used such
    words.
    """
    if not submission.text:
        return False
    return (
        submission.do_not_quote
        or not _SERIOUS.isdisjoint(submission.answers.values())
        or signs.are_in(submission.text)
    )
