"""Serious signals: told first, and only by what was told."""

from collections.abc import Mapping

from builders import WEEK, questionnaire, stored
from homthu.domain.boxes.questionnaire import ASKED_FOR_MONEY, HARASSED, LATE_WITHOUT_APOLOGY
from homthu.domain.releases.figure import Between, Figure
from homthu.domain.releases.release import Release
from homthu.domain.releases.series import WARD, Asked
from homthu.domain.reports.serious import SERIOUS, serious_signals
from report_builders import report

HARASSMENT, TIME = Asked("qcdc-v1", "phien_ha"), Asked("qcdc-v1", "thoi_han")


def told(asked: Asked, *runs: Mapping[str, int]) -> Figure:
    return Figure(
        tuple(
            Release.of(round="r", series=WARD, asked=asked, first=WEEK, last=WEEK, counts=counts)
            for counts in runs
        )
    )


def test_each_is_told_with_its_base_or_not_at_all() -> None:
    figures = {HARASSMENT: told(HARASSMENT, {"khong": 20, "goi_y_chi": 2, "phien_ha": 3})}
    money, harassed, late = serious_signals([questionnaire()], figures.get)
    assert (money.option, harassed.option, late.option) == SERIOUS
    assert (money.chosen, money.answers) == (Between(least=2, most=2), 25)
    assert harassed.chosen.least == 3
    assert late.answers == 0, "nothing was told of how long people waited"


def test_what_was_told_in_words_is_told_as_far_as_the_words_go() -> None:
    figures = {HARASSMENT: told(HARASSMENT, {"khong": 19, "goi_y_chi": 1}, {"khong": 8, "phien_ha": 4})}
    money, harassed, _ = serious_signals([questionnaire()], figures.get)
    assert money.chosen == Between(least=0, most=1), "all or all but one said no: nobody learns which"
    assert harassed.chosen == Between(least=4, most=5)


def test_several_versions_are_summed_and_one_that_does_not_ask_is_passed_over() -> None:
    second = Asked("qcdc-v2", "thoi_han")
    figures = {TIME: told(TIME, {"dung": 8, "tre": 4}), second: told(second, {"dung": 9, "tre": 3})}
    late = serious_signals([questionnaire(), questionnaire("qcdc-v2")], figures.get)[2]
    assert (late.option, late.chosen.least, late.answers) == (LATE_WITHOUT_APOLOGY, 7, 24)
    assert serious_signals([], figures.get) == ()


def test_a_week_tells_them_when_their_run_is_told_and_not_again() -> None:
    def week(count: int) -> list[object]:
        return [stored(number, answers={"chung": "4", "phien_ha": "goi_y_chi"}) for number in range(count)]

    told_now = {one.option: one.answers for one in report(week(12), earlier={}).serious}
    assert told_now == {ASKED_FOR_MONEY: 12, HARASSED: 12, LATE_WITHOUT_APOLOGY: 0}
    waiting = report(week(9), earlier={})
    assert [one.answers for one in waiting.serious] == [0, 0, 0], "below ten nothing is told"
    later = report([stored(1, answers={"chung": "4"})], earlier={WEEK.shift(-1): week(12)})
    assert [one.answers for one in later.serious] == [0, 0, 0], "what an earlier report told is no news"
