import pytest
from homthu.domain.submissions.personal_data import PersonalData, find_personal_data, mask_personal_data
from homthu.domain.submissions.petition import looks_like_petition
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("gọi 0912345678 nhé", PersonalData.PHONE),
        ("0912 345 678", PersonalData.PHONE),
        ("0912.345.678", PersonalData.PHONE),
        ("+84 912 345 678", PersonalData.PHONE),
        ("84912345678", PersonalData.PHONE),
        ("máy bàn 0204 385 4321", PersonalData.PHONE),
        ("CCCD 024085001234", PersonalData.IDENTITY),
        ("cmnd 121 234 567", PersonalData.IDENTITY),
        ("thư a.b@example.org", PersonalData.EMAIL),
        ("thư a.b @ example.org", PersonalData.EMAIL),
    ],
)
def test_what_names_a_person_is_found_and_masked(text: str, kind: PersonalData) -> None:
    assert kind in find_personal_data(text)
    masked = mask_personal_data(text)
    assert find_personal_data(masked) == ()
    assert not any(run.isdigit() and len(run) >= 3 for run in masked.split())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ngày 23/11/2026 lúc 7 giờ 30",
        "thu 250.000 đồng, trả lại 50000",
        "ngõ 12, tổ 5, số nhà 108",
        "đi lại 3 lần trong 2 tuần",
        "mất 1.250.000 đồng",
        "hồ sơ số 55-KH/ĐU",
    ],
)
def test_ordinary_numbers_are_left_alone(text: str) -> None:
    assert find_personal_data(text) == ()
    assert mask_personal_data(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Tôi xin TỐ CÁO",
        "toi to cao viec nay",
        "đơn khiếu nại",
        "phải có phong bì",
        "bị đòi tiền",
        "nhan  tien",
    ],
)
def test_the_words_of_a_petition_are_seen_with_and_without_diacritics(text: str) -> None:
    assert looks_like_petition(text)


@pytest.mark.parametrize("text", ["Cán bộ nhiệt tình", "đèn đường hỏng", "tốc độ cao", "xin cảm ơn"])
def test_ordinary_suggestions_are_no_petitions(text: str) -> None:
    assert not looks_like_petition(text)


@given(st.text(alphabet="012589+84 .-@a\u0661\n", max_size=40))
def test_nothing_that_is_masked_goes_unfound(text: str) -> None:
    assert bool(find_personal_data(text)) == (mask_personal_data(text) != text)
