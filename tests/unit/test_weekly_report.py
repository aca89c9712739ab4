from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import WEEK, box, places, questionnaire, report, stored, week_of_submissions
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.boxes.round import OUTSIDE
from homthu.domain.reports.disclosure import hidden_cells
from homthu.domain.reports.figures import MIN_FOR_CELL
from homthu.domain.reports.suggestion import SelectedSuggestions, suggestion_of, suggestions_in
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.reports.weekly_report import SuggestionSelector
from homthu.domain.submissions.mode import CollectionMode as Mode
from homthu.domain.submissions.submission import Channel, Flag, StoredSubmission
from hypothesis import given, settings
from hypothesis import strategies as st

ASKED = {"qcdc-v1": questionnaire()}


def selected(
    submissions: list[StoredSubmission], limit: int = 30, asked: Mapping[str, Questionnaire] = ASKED
) -> SelectedSuggestions:
    selector = SuggestionSelector(asked, limit)
    for one in submissions:
        selector.add(one)
    return selector.result()


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


@settings(deadline=None)
@given(submission_lists)
def test_the_parts_add_up_to_the_whole(submissions: list[StoredSubmission]) -> None:
    made = report(submissions)
    assert sum(place.received for place in made.by_place()) == len(submissions)
    assert sum(mode.received for mode in made.by_mode()) == len(submissions)
    assert sum(s.received for s in made.by_service()) + made.without_service == len(submissions)
    assert sum(made.tally.split(Fact.ROUND).values()) == len(submissions)
    for groups in (made.by_mode(), made.by_service()):
        rest = made.overall_without_service.valid if groups == made.by_service() else 0
        assert sum(group.overall.valid for group in groups) + rest == made.overall.valid
    assert made.suggestions.readable == made.readable
    assert made.suggestions.petitions == made.petitions


@settings(deadline=None)
@given(submission_lists, submission_lists, submission_lists)
def test_tallies_merge_in_any_order_and_grouping(
    one: list[StoredSubmission], two: list[StoredSubmission], three: list[StoredSubmission]
) -> None:
    a, b, c = Tally.of(one), Tally.of(two), Tally.of(three)
    assert ((a + b) + c).to_json() == (a + (b + c)).to_json()
    assert (a + b).to_json() == (b + a).to_json()
    assert (a + Tally()).to_json() == a.to_json()
    assert (a + b).to_json() == Tally.of([*one, *two]).to_json()
    assert Tally.from_json(a.to_json()).to_json() == a.to_json()


@settings(deadline=None)
@given(submission_lists, st.randoms())
def test_the_order_of_submissions_changes_nothing(submissions: list[StoredSubmission], chance) -> None:
    shuffled = list(submissions)
    chance.shuffle(shuffled)
    assert Tally.of(shuffled).to_json() == Tally.of(submissions).to_json()
    assert selected(shuffled, 5) == selected(submissions, 5)


# --- figures


def test_the_overall_share_leaves_out_those_without_opinion() -> None:
    made = report([*rated(range(8), "4"), *rated(range(8, 10), "2"), *rated(range(10, 15), "khong")])
    assert (made.overall.satisfied, made.overall.valid, made.overall.share) == (8, 10, 0.8)


def test_below_ten_valid_answers_no_share_is_given() -> None:
    assert report(rated(range(9), "5")).overall.share is None


def test_flagged_submissions_are_counted_and_told_apart() -> None:
    made = report([*rated(range(12), "2"), *rated(range(12, 24), "5", flags=(Flag.BURST, Flag.TOO_FAST))])
    assert (made.received, made.doubts.flagged, made.doubts.bursts) == (24, 12, 12)
    assert (made.overall.share, made.doubts.without_flagged.share) == (0.5, 0)


@pytest.mark.parametrize("flags", [(Flag.NO_STAMP,), (Flag.HONEYPOT,), (Flag.NO_STAMP, Flag.BURST)])
def test_what_a_machine_sent_is_counted_and_in_no_rating(flags: tuple[Flag, ...]) -> None:
    people, machine = rated(range(12), "2"), rated(range(12, 1012), "5", flags=flags, service="dat_dai")
    made, without = report([*people, *machine]), report(people)
    assert (made.received, made.doubts.automatic, made.doubts.flagged) == (1012, 1000, 0)
    assert made.doubts.bursts == 0
    assert made.overall == without.overall
    for asked in made.versions:
        assert made.ratings(asked) == without.ratings(asked)
        assert made.choices(asked) == without.choices(asked)
    assert [place.cells for place in made.by_place()] == [place.cells for place in without.by_place()]
    assert [mode.overall for mode in made.by_mode()] == [mode.overall for mode in without.by_mode()]
    assert all(not service.overall.valid for service in made.by_service())
    assert made.weeks[-1].overall == without.overall
    assert made.doubts.with_automatic.valid == 1012


def test_what_few_machines_rated_cannot_be_worked_out() -> None:
    made = report([*rated(range(12), "2"), *rated(range(12, 16), "5", flags=(Flag.NO_STAMP,))])
    assert (made.doubts.automatic, made.doubts.with_automatic) == (4, None)


def test_a_week_that_only_machines_answered_has_no_rating() -> None:
    made = report(rated(range(20), "5", flags=(Flag.NO_STAMP,)))
    assert (made.received, made.overall.valid) == (20, 0)
    assert made.doubts.with_automatic.share == 1


def test_a_machine_s_copy_of_a_person_s_words_does_not_take_the_person_s_rating_away() -> None:
    words = "Đề nghị sửa đèn đường ở ngõ mười hai đã hỏng hai tuần nay"
    people = [stored(n, text=words, answers={"chung": "2"}) for n in range(8)]
    machine = [stored(n, text=words, answers={"chung": "5"}, flags=(Flag.NO_STAMP,)) for n in range(8, 108)]
    made = report([*people, *machine])
    assert (made.doubts.clusters, made.doubts.repeated) == (1, 107)
    assert (made.doubts.without_repeated.valid, made.doubts.without_repeated.satisfied) == (1, 0)


def test_lateness_with_and_without_apology_gives_a_rate() -> None:
    def said(numbers: range, option: str) -> list[StoredSubmission]:
        return [stored(n, answers={"thoi_han": option}) for n in numbers]

    many = report(
        [*said(range(6), "tre"), *said(range(6, 12), "tre_xin_loi"), *said(range(12, 20), "chua_han")]
    )
    figures = many.choices(questionnaire())[0]
    assert figures.base == 12
    assert figures.share("chua_han") is None
    assert figures.share("dung") == 0
    assert figures.apologies is not None
    assert (figures.apologies.late, figures.apologies.apologised, figures.apologies.share) == (12, 6, 0.5)
    few = report(said(range(3), "tre")).choices(questionnaire())
    assert few[0].apologies is not None
    assert few[0].apologies.share is None
    assert few[1].apologies is None


def test_weeks_are_compared_only_when_both_have_thirty_answers() -> None:
    enough, few = Tally.of(rated(range(30), "2")), Tally.of(rated(range(29), "2"))

    def moved(previous: Tally | None) -> float | None:
        return report(rated(range(30), "5"), previous=previous).ratings(questionnaire())[-1].change

    assert moved(enough) == 100
    assert moved(few) is None
    assert moved(None) is None


def test_modes_stand_side_by_side_even_when_empty() -> None:
    modes = report([stored(1, channel=Channel.PAPER, assisted=True)]).by_mode()
    assert [(mode.id, mode.received) for mode in modes] == [
        (Mode.SELF, 0),
        (Mode.ASSISTED, 0),
        (Mode.PAPER, 1),
    ]


def test_late_and_outside_submissions_are_counted() -> None:
    early = WEEK.monday - timedelta(days=2)
    made = report([stored(1, received_on=early), stored(2, round=OUTSIDE), stored(3)])
    assert (made.late, made.outside_round) == (1, 1)


# --- places


def test_every_place_has_its_row_and_a_code_that_is_gone_too() -> None:
    made = report([stored(1, place="cu99")])
    assert [figures.code for figures in made.by_place()] == [*(p.code for p in places()), "cu99"]
    assert made.by_place()[-1].place is None
    assert len(made.silent_places) == 8


def test_a_place_that_only_earlier_weeks_know_is_not_dropped() -> None:
    made = report([], previous=Tally.of([stored(1, place="cu99")]))
    assert made.by_place()[-1].code == "cu99"
    assert (made.by_place()[-1].received, made.by_place()[-1].before) == (0, 1)


def test_a_small_place_is_hidden_and_so_is_what_would_give_it_away() -> None:
    sizes = {"tt01": 40, "nv01": 12, "nv02": 7, "nv03": 3}
    submissions = [
        stored(1000 * at + n, place=place, answers={"chung": "4"})
        for at, (place, size) in enumerate(sizes.items())
        for n in range(size)
    ]
    shown = {figures.code: figures.overall is not None for figures in report(submissions).by_place()}
    assert {code: shown[code] for code in sizes} == {"tt01": True, "nv01": True, "nv02": False, "nv03": False}
    assert report(submissions).rated_places == {"tt01", "nv01"}


cells = st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 4)), st.integers(0, 20), max_size=30)


@given(cells)
def test_no_hidden_cell_can_be_worked_out_from_a_total(counts: dict[tuple[int, int], int]) -> None:
    lines = [[cell for cell in counts if cell[axis] == at] for axis in (0, 1) for at in range(6)]
    hidden = hidden_cells(counts, lines)
    assert all(cell in hidden for cell, count in counts.items() if count < MIN_FOR_CELL)
    for line in lines:
        covered = [cell for cell in line if cell in hidden]
        is_protected = len(covered) > 1 and sum(counts[cell] for cell in covered) >= MIN_FOR_CELL
        assert not covered or is_protected or len(covered) == len(line)


@given(cells)
def test_nothing_is_hidden_without_a_small_cell(counts: dict[tuple[int, int], int]) -> None:
    large = {cell: count + MIN_FOR_CELL for cell, count in counts.items()}
    assert not hidden_cells(large, [list(large)])


def test_the_next_smallest_cell_is_hidden_with_a_small_one() -> None:
    assert hidden_cells({"a": 30, "b": 4, "c": 9, "d": 12}, ["abcd"]) == {"b", "c"}
    assert hidden_cells({"a": 30, "b": 1, "c": 1, "d": 12}, ["abcd"]) == {"b", "c", "d"}


# --- versions


def test_two_versions_are_tabled_apart_and_rated_together() -> None:
    old = replace(questionnaire("qcdc-v0"), services=())
    made = report(
        [*rated(range(6), "5"), *rated(range(6, 12), "1", questionnaire="qcdc-v0")],
        questionnaires={"qcdc-v0": old, "qcdc-v1": questionnaire()},
    )
    assert [asked.version for asked in made.versions] == ["qcdc-v1", "qcdc-v0"]
    assert made.overall.share == 0.5
    assert [made.ratings(asked)[-1].now.valid for asked in made.versions] == [6, 6]
    assert made.by_place()[0].overall is not None
    assert len(made.place_columns) == 1 + 6 + 6


def test_a_version_that_nothing_describes_is_named_and_still_counted() -> None:
    made = report([stored(1, questionnaire="x-9"), stored(2)])
    assert (made.received, made.unknown_versions) == (2, ("x-9",))
    assert made.overall.valid == 1


def test_a_week_without_answers_shows_the_boxs_own_questionnaire() -> None:
    assert report([]).versions == (box().questionnaire,)


# --- suggestions


def test_a_suggestion_is_masked_and_carries_no_time_and_no_id() -> None:
    one = suggestion_of(stored(1, text="Gọi 0912 345 678\u202e"), ASKED)
    assert one is not None
    assert one.text == "Gọi […]"
    assert one.overall == "4"
    assert not {"id", "received_at"} & set(type(one).__slots__)


def test_what_looks_like_a_petition_is_counted_and_never_quoted() -> None:
    submissions = [stored(1, text="Toi muon TO CAO can bo"), stored(2, text="Tốt"), stored(3)]
    assert list(suggestions_in(submissions, ASKED)) == list(selected(submissions).quoted)
    assert [s.text for s in selected(submissions).quoted] == ["Tốt"]
    assert (selected(submissions).petitions, selected(submissions).more) == (1, 0)


def test_a_crowded_service_and_place_leave_room_for_the_others() -> None:
    crowd = [stored(n, text="Một", service="ho_tich") for n in range(200)]
    few = [stored(1000 + n, text="Hai", service="dat_dai", place=f"nv0{n % 4}") for n in range(8)]
    result = selected([*crowd, *few])
    assert len(result.quoted) == 30
    assert result.more == 178
    assert sum(one.service == "dat_dai" for one in result.quoted) == 8
    first = selected([*crowd, *few], 6).quoted
    assert sum(one.service == "dat_dai" for one in first) == 3
    assert len({one.place for one in first if one.service == "dat_dai"}) == 3


def test_flagged_suggestions_come_after_the_others_of_their_place() -> None:
    flagged = [stored(n, text="Giả", flags=(Flag.BURST,)) for n in range(100)]
    result = selected([*flagged, stored(500, text="Thật")], 1)
    assert [one.text for one in result.quoted] == ["Thật"]


def test_the_selector_keeps_only_a_bounded_number_of_texts() -> None:
    selector = SuggestionSelector(ASKED, 30)
    for one in week_of_submissions(2000):
        selector.add(one)
        assert len(selector._candidates) < 120
