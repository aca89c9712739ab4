from dataclasses import replace
from datetime import timedelta

import pytest
from builders import WEEK, box, places, questionnaire, stored, week_of_submissions
from homthu.domain.boxes.round import OUTSIDE
from homthu.domain.releases.figure import Figure
from homthu.domain.releases.releases import Waiting
from homthu.domain.releases.series import OVERALL, Series, SeriesKind
from homthu.domain.reports.attribution import NOBODY
from homthu.domain.reports.selection import SuggestionSelector
from homthu.domain.reports.suggestion import (
    SelectedSuggestions,
    suggestion_of,
    suggestions_in,
)
from homthu.domain.reports.tally import Tally
from homthu.domain.submissions.submission import Channel, Flag, StoredSubmission
from hypothesis import given, settings
from hypothesis import strategies as st
from report_builders import attribution, report

ASKED = {"qcdc-v1": questionnaire()}


def selected(submissions: list[StoredSubmission], limit: int = 30) -> SelectedSuggestions:
    selector = SuggestionSelector(limit)
    for one in submissions:
        selector.add(one)
    return selector.result(attribution(submissions))


def rated(numbers: range, rating: str, **changes: object) -> list[StoredSubmission]:
    return [stored(n, answers={"chung": rating}, **changes) for n in numbers]


submission_lists = st.lists(
    st.builds(
        lambda number, **changes: stored(number, **changes),
        st.integers(0, 400),
        place=st.sampled_from(["tt01", "nv01", "nv02", "gone"]),
        service=st.sampled_from(["", "ho_tich", "dat_dai", "cu"]),
        channel=st.sampled_from(Channel),
        assisted=st.booleans(),
        text=st.sampled_from(["", "Rất tốt", "Quá đông", "Tôi muốn tố cáo"]),
        answers=st.fixed_dictionaries({"chung": st.sampled_from(["5", "4", "3", "2", "1", "khong"])}),
        flags=st.sampled_from([(), (Flag.BURST,), (Flag.TOO_FAST, Flag.NO_STAMP)]),
        round=st.sampled_from(["2026-4", OUTSIDE]),
    ),
    max_size=60,
    unique_by=lambda one: one.id,
)


# --- parts and wholes


@settings(deadline=None, max_examples=30)
@given(submission_lists)
def test_the_parts_add_up_to_the_whole(submissions: list[StoredSubmission]) -> None:
    made = report(submissions, earlier={})
    assert sum(place.received for place in made.forms.by_place) == len(submissions)
    assert made.suggestions.readable == made.forms.readable
    assert made.suggestions.petitions == made.forms.petitions


@settings(deadline=None)
@given(submission_lists, submission_lists, submission_lists)
def test_tallies_merge_in_any_order_and_grouping(
    one: list[StoredSubmission], two: list[StoredSubmission], three: list[StoredSubmission]
) -> None:
    a, b, c = (Tally.of(each, ASKED) for each in (one, two, three))
    assert ((a + b) + c).to_json() == (a + (b + c)).to_json()
    assert (a + b).to_json() == (b + a).to_json()
    assert (a + Tally()).to_json() == a.to_json()
    assert (a + b).to_json() == Tally.of([*one, *two], ASKED).to_json()
    assert Tally.from_json(a.to_json()).to_json() == a.to_json()


@settings(deadline=None)
@given(submission_lists, st.randoms())
def test_the_order_of_submissions_changes_nothing(submissions: list[StoredSubmission], chance) -> None:
    shuffled = list(submissions)
    chance.shuffle(shuffled)
    assert Tally.of(shuffled, ASKED).to_json() == Tally.of(submissions, ASKED).to_json()
    assert selected(shuffled, 5) == selected(submissions, 5)


# --- numbers of forms


def test_late_and_outside_submissions_are_counted() -> None:
    early = WEEK.monday - timedelta(days=2)
    made = report([stored(1, received_on=early), stored(2, round=OUTSIDE), stored(3)])
    assert (made.forms.late, made.forms.outside_round) == (1, 1)


def test_every_place_has_its_row_and_a_code_that_is_gone_too() -> None:
    made = report([stored(1, place="cu99")], earlier={})
    assert [one.code for one in made.forms.by_place] == [*(p.code for p in places()), "cu99"]
    assert made.forms.by_place[-1].place is None
    assert len(made.silent_places) == 8


def test_a_place_that_only_earlier_weeks_know_is_not_dropped() -> None:
    before = WEEK.shift(-1)
    made = report([], earlier={before: [stored(1, place="cu99", week=before)]})
    assert made.forms.by_place[-1].code == "cu99"
    assert (made.forms.by_place[-1].received, made.forms.by_place[-1].before) == (0, 1)


@pytest.mark.parametrize("flags", [(Flag.NO_STAMP,), (Flag.HONEYPOT,), (Flag.NO_STAMP, Flag.BURST)])
def test_what_a_machine_sent_is_counted_and_in_no_figure(flags: tuple[Flag, ...]) -> None:
    people = [*rated(range(8), "2"), *rated(range(8, 12), "4")]
    machine = rated(range(12, 1012), "5", flags=flags, service="dat_dai")
    made, without = report([*people, *machine], earlier={}), report(people, earlier={})
    assert (made.forms.received, made.forms.automatic, made.forms.flagged) == (1012, 1000, 0)
    assert made.forms.bursts == 0
    assert made.releases.told == without.releases.told
    assert made.releases.told


def test_flagged_ones_are_told_apart_by_the_rules_of_every_figure() -> None:
    def apart(count: int) -> Figure | None:
        good = rated(range(50, 62), "5") + rated(range(62, 70), "2")
        flagged = rated(range(count - 3), "5", flags=(Flag.BURST,))
        flagged += rated(range(100, 103), "1", flags=(Flag.BURST,))
        return report([*good, *flagged], earlier={}).tells(Series(SeriesKind.FLAGGED), OVERALL).figure

    assert apart(9) is None
    told = apart(12)
    assert told is not None
    assert (told.answers, told.satisfied.least) == (12, 9)


# --- what is told


def test_the_overall_rating_leaves_out_those_without_opinion() -> None:
    made = report(
        [*rated(range(8), "4"), *rated(range(8, 10), "2"), *rated(range(10, 15), "khong")], earlier={}
    )
    figure = made.overall.figure
    assert figure is not None
    assert (figure.satisfied.least, figure.answers, figure.satisfied_share) == (8, 10, 0.8)


def test_below_ten_answers_nothing_is_told_and_they_wait() -> None:
    telling = report(rated(range(9), "5"), earlier={}).overall
    assert telling.figure is None
    assert telling.waiting == Waiting(forms=9, since=WEEK)


def test_what_was_told_before_is_shown_until_something_new_is() -> None:
    before = WEEK.shift(-1)
    told = [stored(n, week=before, answers={"chung": str(1 + n % 5)}) for n in range(20)]
    telling = report(rated(range(30, 34), "5"), earlier={before: told}).overall
    assert telling.figure is not None
    assert (telling.is_new, telling.figure.answers, telling.figure.last) == (False, 20, before)
    assert telling.waiting == Waiting(forms=4, since=WEEK)


def test_what_was_told_a_quarter_ago_is_no_news() -> None:
    long_ago = WEEK.shift(-13)
    told = [stored(n, week=long_ago, answers={"chung": str(1 + n % 5)}) for n in range(20)]
    assert report([], earlier={long_ago: told}).overall.figure is None


def test_two_versions_are_tabled_apart_and_rated_together() -> None:
    old = replace(questionnaire("qcdc-v0"), services=())
    made = report(
        [*rated(range(6), "5"), *rated(range(6, 12), "1", questionnaire="qcdc-v0")],
        questionnaires={"qcdc-v0": old, "qcdc-v1": questionnaire()},
        earlier={},
    )
    assert [asked.version for asked in made.versions] == ["qcdc-v1", "qcdc-v0"]
    assert made.overall.figure is not None
    assert made.overall.figure.satisfied_share == 0.5
    assert len(made.place_columns) == 1 + 6 + 6


def test_a_version_that_nothing_describes_is_named_and_its_forms_are_counted() -> None:
    made = report([*rated(range(20), "5", questionnaire="x-9"), stored(20)], earlier={})
    assert (made.forms.received, made.forms.unknown_versions) == (21, ("x-9",))
    assert made.overall.figure is None


def test_a_week_without_answers_shows_the_boxs_own_questionnaire() -> None:
    assert report([]).versions == (box().questionnaire,)


# --- suggestions


def test_a_suggestion_is_masked_and_carries_no_day_and_no_rating() -> None:
    one = suggestion_of(replace(stored(1, text="Gọi 0912 345 678\u202e"), number=7), NOBODY)
    assert one is not None
    assert (one.name, one.text) == ("48-07", "Gọi […]")
    told = {"id", "week", "number", "place", "service", "text"}
    assert set(type(one).__slots__) == told | {"forms", "others", "is_one_place", "matter", "is_praise"}


@pytest.mark.parametrize(("count", "place", "service"), [(9, "", ""), (10, "nv01", "ho_tich")])
def test_place_and_service_are_named_only_where_ten_forms_came_that_week(
    count: int, place: str, service: str
) -> None:
    submissions = [stored(n, text="Tốt", place="nv01", service="ho_tich") for n in range(count)]
    # Whoever sends forms with a program does not lift a place over the ten.
    robots = [stored(50 + n, place="nv01", service="ho_tich", flags=(Flag.NO_STAMP,)) for n in range(9)]
    quoted = selected([*submissions, *robots]).quoted
    assert {(one.place, one.service) for one in quoted} == {(place, service)}


def test_what_looks_like_a_petition_is_counted_and_never_quoted() -> None:
    submissions = [stored(1, text="Toi muon TO CAO can bo"), stored(2, text="Tốt"), stored(3)]
    assert list(suggestions_in(submissions, attribution(submissions))) == list(selected(submissions).quoted)
    assert [s.text for s in selected(submissions).quoted] == ["Tốt"]
    assert (selected(submissions).petitions, selected(submissions).more) == (1, 0)


def test_a_crowded_service_and_place_leave_room_for_the_others() -> None:
    crowd = [stored(n, text=f"Một {n}", service="ho_tich") for n in range(200)]
    few = [
        stored(1000 + n, text=f"Hai ở nơi {n % 4} ý {n}", service="dat_dai", place=f"nv0{n % 4}")
        for n in range(8)
    ]
    result = selected([*crowd, *few])
    assert len(result.quoted) == 30
    assert result.more == 178
    assert sum(one.text.startswith("Hai") for one in result.quoted) == 8
    first = selected([*crowd, *few], 6).quoted
    assert len([one for one in first if one.text.startswith("Hai")]) == 3
    assert len({one.text[:11] for one in first if one.text.startswith("Hai")}) == 3


def test_flagged_suggestions_come_after_the_others_of_their_place() -> None:
    flagged = [stored(n, text="Giả", flags=(Flag.BURST,)) for n in range(100)]
    result = selected([*flagged, stored(500, text="Thật")], 1)
    assert [one.text for one in result.quoted] == ["Thật"]


def test_the_selector_keeps_only_a_bounded_number_of_texts() -> None:
    selector = SuggestionSelector(30)
    for one in week_of_submissions(2000):
        selector.add(one)
        assert len(selector._candidates) <= 120
