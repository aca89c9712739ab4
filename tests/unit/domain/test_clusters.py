import random
import re

import pytest
from builders import questionnaire, stored
from homthu.adapters.web_files import load_texts
from homthu.domain.releases.series import OVERALL, Series, SeriesKind
from homthu.domain.reports.clusters import MAX_COMPARED, ClusterFinder, count_submissions
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.submissions.submission import Flag, StoredSubmission
from homthu.render.report.headline import data_quality
from homthu.render.report.names import Names
from hypothesis import given, settings
from hypothesis import strategies as st
from report_builders import report

ASKED = {"qcdc-v1": questionnaire()}
COPIED = "Nhà văn hóa mở cửa không đúng giờ đã niêm yết, người già phải chờ ngoài trời mưa rất lâu"
VARIANTS = (
    COPIED,
    COPIED.upper(),
    "Nha van hoa mo cua khong dung gio da niem yet nguoi gia phai cho ngoai troi mua rat lau",
    f"{COPIED}!!!",
    f"  {COPIED.replace(',', ' –')} ạ",
)
WORDS = re.findall(
    r"\w+",
    "cán bộ phường hồ sơ chứng thực đất đai đường ngõ đèn hỏng sửa chậm nhanh tốt giờ mở cửa bàn lấy số"
    " giấy hẹn trả kết quả khai sinh lệ phí niêm yết nhà văn hóa tổ trưởng hướng dẫn thái độ chờ lâu xe",
)


def clusters_of(texts: list[str]) -> tuple[int, int]:
    tally = count_submissions([stored(n, text=text) for n, text in enumerate(texts)], ASKED)
    return tally.count(Fact.CLUSTER), tally.count(Fact.REPEATED)


def sentence(chance: random.Random, words: int = 18) -> str:
    return " ".join(chance.choices(WORDS, k=words))


def test_copies_with_other_case_marks_and_punctuation_are_one_cluster() -> None:
    assert clusters_of(list(VARIANTS)) == (1, len(VARIANTS) - 1)


def test_a_word_changed_in_a_long_text_leaves_it_in_the_cluster() -> None:
    chance, found = random.Random(5), 0
    for _ in range(100):
        words = sentence(chance, 60).split()
        changed = words.copy()
        changed[chance.randrange(60)] = "khác"
        found += clusters_of([" ".join(words), " ".join(changed)]) == (1, 1)
    assert found >= 90


def test_people_who_write_about_the_same_things_are_no_cluster() -> None:
    chance = random.Random(7)
    groups, repeated = clusters_of([sentence(chance) for _ in range(1000)])
    assert (groups, repeated) == (0, 0)


def test_short_words_of_praise_are_nobodys_copy() -> None:
    assert clusters_of(["Cán bộ rất nhiệt tình"] * 20) == (0, 0)


def test_those_who_repeat_anothers_words_are_told_apart_by_the_rules_of_every_figure() -> None:
    submissions: list[StoredSubmission] = [
        *(stored(n, answers={"chung": "5"}) for n in range(30)),
        *(stored(100 + n, text=VARIANTS[n % 5], answers={"chung": "125"[n % 3]}) for n in range(12)),
    ]
    made = report(submissions, earlier={})
    assert (made.forms.received, made.forms.clusters, made.forms.repeated) == (42, 1, 11)
    figure = made.tells(Series(SeriesKind.REPEATED), OVERALL).figure
    assert figure is not None
    assert figure.answers == 11


def test_of_a_few_copies_only_their_number_is_told() -> None:
    few = [*(stored(n) for n in range(30)), *(stored(90 + n, text=COPIED) for n in range(3))]
    texts = load_texts("vi")
    made = report(few, earlier={})
    said = data_quality(made, Names(report=made, texts=texts))
    assert "3 góp ý gần giống nhau" in said
    assert "Riêng" not in said


def test_a_machines_copy_of_a_persons_words_is_no_answer_of_those_who_repeat() -> None:
    people = [stored(n, text=COPIED, answers={"chung": "2"}) for n in range(8)]
    machine = [stored(n, text=COPIED, flags=(Flag.NO_STAMP,)) for n in range(8, 108)]
    tally = count_submissions([*people, *machine], ASKED)
    assert tally.count(Fact.REPEATED) == 107
    assert sum(count for fact, count in tally.counts.items() if fact[0] == Fact.JOINT_REPEATED) == 7


@settings(max_examples=30, deadline=None)
@given(st.permutations(list(range(24))))
def test_the_order_of_arrival_changes_nothing(order: list[int]) -> None:
    chance = random.Random(3)
    texts = [*VARIANTS, *(sentence(chance) for _ in range(9)), *[sentence(chance)] * 10]
    submissions = [stored(n, text=text, answers={"chung": str(n % 5 + 1)}) for n, text in enumerate(texts)]
    shuffled = [submissions[at] for at in order]
    assert count_submissions(shuffled, ASKED) == count_submissions(submissions, ASKED)


def test_clusters_are_counts_like_others_and_add_up() -> None:
    one, two = (count_submissions([stored(n, text=COPIED) for n in range(3)], ASKED) for _ in range(2))
    assert (one + two).count(Fact.REPEATED) == 4
    assert Tally.from_json((one + two).to_json()) == one + two


def test_no_more_than_a_bounded_number_of_texts_is_kept() -> None:
    finder = ClusterFinder(ASKED, limit=50)
    for n in range(200):
        finder.add(stored(n, text=COPIED))
    assert len(finder._kept) == 50
    assert finder.tally().count(Fact.REPEATED) == 49
    assert MAX_COMPARED >= 10_000


@pytest.mark.parametrize("text", ["漢" * 1000, "😀 " * 50, "a" * 1000, "\n" * 50, "1 2 3 4 5 6 7 8 9"])
def test_any_text_can_be_compared(text: str) -> None:
    clusters_of([text, text, COPIED])
