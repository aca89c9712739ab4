"""Plausible boxes and submissions, to be changed where a test cares."""

import hashlib
import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from homthu.adapters.box_files.signs import load_signs
from homthu.domain.boxes.box import (
    BetweenRounds,
    Box,
    Contact,
    LetterHead,
    Place,
    PlaceKind,
    Plan,
    Recipient,
    ReportStyle,
    Ward,
)
from homthu.domain.boxes.questionnaire import Option, Question, QuestionKind, Questionnaire
from homthu.domain.boxes.round import RoundRule
from homthu.domain.submissions.petition import is_set_apart
from homthu.domain.submissions.submission import Channel, Flag, StoredSubmission, Submission
from homthu.domain.week import Week

WEEK = Week(2026, 48)
#: The phrases that are shipped.
SIGNS, _ = load_signs(Path(__file__).parents[2] / "functions" / "boxes" / "signs")
_SCALE = (
    ("5", "Rất hài lòng"),
    ("4", "Hài lòng"),
    ("3", "Bình thường"),
    ("2", "Không hài lòng"),
    ("1", "Rất không hài lòng"),
    ("khong", "Không có ý kiến"),
)
_RATINGS = (
    ("thai_do", "Thái độ tiếp đón, giao tiếp của cán bộ, công chức", "Thái độ tiếp đón, giao tiếp"),
    ("lang_nghe", "Việc lắng nghe và trả lời đầy đủ các câu hỏi của ông/bà", "Lắng nghe, trả lời câu hỏi"),
    ("huong_dan", "Việc hướng dẫn hồ sơ, thủ tục", "Hướng dẫn hồ sơ, thủ tục"),
    ("nghiep_vu", "Việc giải quyết công việc thành thạo, đúng quy định", "Thành thạo, đúng quy định"),
    ("trach_nhiem", "Tinh thần trách nhiệm", "Tinh thần trách nhiệm"),
    ("tac_phong", "Việc chấp hành giờ làm việc, tác phong nơi công sở", "Giờ làm việc, tác phong"),
)
_CHOICES = (
    (
        "thoi_han",
        "Thời gian giải quyết, trả kết quả so với giấy hẹn",
        "Thời gian so với giấy hẹn",
        (
            ("som", "Trước hẹn"),
            ("dung", "Đúng hẹn"),
            ("tre_xin_loi", "Trễ hẹn, có xin lỗi và hẹn lại"),
            ("tre", "Trễ hẹn, không được xin lỗi"),
            ("chua_han", "Chưa đến hạn/không có hồ sơ"),
        ),
    ),
    (
        "so_lan",
        "Số lần ông/bà phải đến để hoàn thành một việc",
        "Số lần phải đến",
        (
            ("0", "Không phải đến"),
            ("1", "1 lần"),
            ("2", "2 lần"),
            ("3", "3 lần"),
            ("4", "Từ 4 lần"),
            ("kad", "Không áp dụng"),
        ),
    ),
    (
        "phien_ha",
        "Khi giải quyết công việc, ông/bà có bị gây phiền hà, sách nhiễu không?",
        "Phiền hà, sách nhiễu",
        (
            ("khong", "Không"),
            ("phien_ha", "Có bị gây phiền hà"),
            ("goi_y_chi", "Có bị gợi ý chi tiền, quà ngoài quy định"),
            ("khong_tra_loi", "Không muốn trả lời"),
        ),
    ),
)
_SERVICES = (
    ("ho_tich", "Hộ tịch"),
    ("chung_thuc", "Chứng thực"),
    ("dat_dai", "Đất đai, môi trường"),
    ("ncc_btxh", "Người có công, bảo trợ xã hội"),
    ("to_dan_pho", "Việc ở tổ dân phố"),
    ("khac", "Việc khác"),
)


def _options(pairs: tuple[tuple[str, str], ...]) -> tuple[Option, ...]:
    return tuple(Option(id=id, label={"vi": label}) for id, label in pairs)


def _rating(id: str, text: str, short: str) -> Question:
    return Question(
        id=id,
        kind=QuestionKind.RATING,
        text={"vi": text},
        short={"vi": short},
        required=True,
        options=_options(_SCALE),
    )


def questionnaire(version: str = "qcdc-v1") -> Questionnaire:
    """Seven ratings, three choices, six services."""
    return Questionnaire(
        version=version,
        questions=(
            *(_rating(*rating) for rating in _RATINGS),
            *(
                Question(
                    id=id,
                    kind=QuestionKind.CHOICE,
                    text={"vi": text},
                    short={"vi": short},
                    required=False,
                    options=_options(options),
                )
                for id, text, short, options in _CHOICES
            ),
            _rating("chung", "Đánh giá chung của ông/bà về sự phục vụ", "Đánh giá chung"),
        ),
        services=_options(_SERVICES),
        text_label={"vi": "Điều ông/bà hài lòng, điều cần khắc phục và đề xuất"},
        text_hint={"vi": "Xin nêu rõ việc gì, ở đâu, khi nào."},
        overall="chung",
    )


def places(count: int = 8) -> tuple[Place, ...]:
    """The one-stop centre and so many less one culture houses."""
    former = ("Thọ Xương", "Ngô Quyền", "Xương Giang")
    return (
        Place(
            code="tt01",
            name="Trung tâm Phục vụ hành chính công phường",
            kind=PlaceKind.ONE_STOP,
            former_ward="",
        ),
        *(
            Place(
                code=f"nv{n:02d}",
                name=f"Nhà văn hóa tổ dân phố số {n}",
                kind=PlaceKind.CULTURE_HOUSE,
                former_ward=former[n % 3],
            )
            for n in range(1, count)
        ),
    )


def box(**changes: Any) -> Box:
    """A box of phường Bắc Giang with eight places and four yearly rounds."""
    rounds = (
        ("1", (1, 22), (3, 25)),
        ("2", (4, 1), (6, 25)),
        ("3", (7, 1), (9, 25)),
        ("4", (10, 1), (12, 25)),
    )
    values: dict[str, Any] = {
        "ward": Ward(
            code="07210",
            kind="phường",
            name="Bắc Giang",
            province="tỉnh Bắc Ninh",
            authority="UBND phường Bắc Giang",
            former_names=("phường Ngô Quyền",),
        ),
        "contact": Contact(
            reception="Phòng tiếp công dân", reception_hours="thứ Năm hằng tuần", phone="0204 385 0000"
        ),
        "plan": Plan(
            number="55-KH/ĐU",
            dated="15/01/2026",
            issuer="Đảng ủy phường",
            basis=("Luật Thực hiện dân chủ ở cơ sở",),
        ),
        "places": places(),
        "rounds": tuple(
            RoundRule(code=code, name=f"Đợt {code}", opens=(0, *opens), closes=(0, *closes))
            for code, opens, closes in rounds
        ),
        "between_rounds": BetweenRounds.ACCEPT,
        "closing_hours": 2,
        "questionnaire": questionnaire(),
        "report": ReportStyle(
            head=LetterHead.DOAN,
            superior="ĐOÀN TNCS HỒ CHÍ MINH",
            issuer="BCH ĐOÀN PHƯỜNG BẮC GIANG",
            symbol="BC/ĐTN",
            place_name="Bắc Giang",
            committee="Ban Chỉ đạo thực hiện Quy chế dân chủ ở cơ sở phường Bắc Giang",
            signer_authority="TM. BAN THƯỜNG VỤ ĐOÀN",
            signer_title="BÍ THƯ",
            copies_to=("BCĐ QCDC phường (b/c)", "Lưu VP."),
        ),
        "recipients": (Recipient(name="Ban Chỉ đạo", email="bcd@bacgiang.example"),),
        "operator": Recipient(name="Người vận hành", email="vanhanh@bacgiang.example"),
    }
    return Box(**(values | changes))


def submission(**changes: Any) -> Submission:
    """One submission by a citizen at the one-stop centre, satisfied with everything."""
    values: dict[str, Any] = {
        "ward": "07210",
        "place": "tt01",
        "channel": Channel.QR,
        "assisted": False,
        "questionnaire": "qcdc-v1",
        "round": "2026-4",
        "answers": {"thai_do": "5", "huong_dan": "4", "trach_nhiem": "4", "thoi_han": "dung", "chung": "4"},
        "text": "",
        "service": "",
    }
    return Submission(**(values | changes))


def stored(
    number: int = 1, *, week: Week = WEEK, received_on: date | None = None, **changes: Any
) -> StoredSubmission:
    """The same as the store gives it back; the number makes the id, which is random in its look."""
    one = submission(**changes)
    return StoredSubmission(
        id=hashlib.sha256(str(number).encode()).hexdigest()[:32],
        submission=one,
        week=week,
        received_on=received_on or week.monday + timedelta(days=number % 7),
        is_set_apart=is_set_apart(one, SIGNS),
    )


_TEXTS = (
    "Cán bộ bộ phận hộ tịch hướng dẫn rất tận tình, tôi chỉ phải đến một lần là xong giấy khai sinh.",
    "Buổi sáng thứ Hai rất đông, đề nghị bố trí thêm một bàn tiếp nhận hồ sơ chứng thực.",
    "Nhà văn hóa mở cửa không đúng giờ đã niêm yết, người già phải chờ ngoài trời mưa.",
    "Đề nghị niêm yết rõ lệ phí và thời hạn trả kết quả ngay tại bàn số 2, chữ to cho người già dễ đọc.",
    "Hẹn trả kết quả ngày thứ Tư nhưng đến nơi lại báo chưa xong, không gọi điện trước nên mất công đi lại.",
    "Anh chị trẻ ở quầy số 3 lịch sự, giải thích dễ hiểu. Cảm ơn phường.",
    "Đèn đường ngõ 12 hỏng hai tuần nay chưa sửa, đã báo tổ trưởng.",
    "Máy lấy số hay hỏng, bà con không biết đến lượt ai.",
)


def week_of_submissions(count: int, *, seed: int = 1, week: Week = WEEK) -> Iterator[StoredSubmission]:
    """So many submissions of a plausible week, the same ones for the same seed."""
    yield from _week_of_submissions(count, seed, week)


@cache
def _week_of_submissions(count: int, seed: int, week: Week) -> tuple[StoredSubmission, ...]:
    return tuple(_plausible(count, seed, week))


def _plausible(count: int, seed: int, week: Week) -> Iterator[StoredSubmission]:
    chance = random.Random(seed)
    codes = [place.code for place in places()][:-2]
    asked = questionnaire()
    for number in range(count):
        good = chance.random() < 0.8
        ratings = (35, 40, 10, 6, 3, 6) if good else (5, 15, 30, 30, 15, 5)
        weights = {"thoi_han": (4, 60, 12, 8, 10), "so_lan": (4, 60, 18, 8, 4, 6), "phien_ha": (86, 4, 1, 9)}
        answers = {
            question.id: chance.choices(
                [option.id for option in question.options], weights.get(question.id, ratings)
            )[0]
            for question in asked.questions
        }
        text = chance.choice(_TEXTS) if chance.random() < 0.45 else ""
        yield stored(
            seed * 1_000_000 + number,
            week=week,
            place=chance.choices(codes, [20, 5, 4, 3, 2, 1])[0],
            channel=chance.choices(list(Channel), [8, 3, 1])[0],
            assisted=chance.random() < 0.2,
            service=chance.choice(["", *(service for service, _ in _SERVICES)]),
            answers=answers,
            text="Tôi muốn tố cáo việc này, xin được giữ kín." if chance.random() < 0.03 else text,
            flags=(Flag.BURST,) if chance.random() < 0.05 else (),
        )
