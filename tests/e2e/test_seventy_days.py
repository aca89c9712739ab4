"""Seventy days of a ward around Tết 2027: whatever depends on the day happens on its day, and only then.

Tết's new year is Saturday 6 February; the office is closed from Friday the 5th to Thursday the 11th.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from turned_box import Member, TurnedBox, hidden_fields

OFFICE, UNIT = "thuong-truc.ngo-quyen@example.org", "mot-cua.ngo-quyen@example.org"
LAMP, CHAIR = "Đèn đường ngõ 12 hỏng cả tháng nay", "Ghế chờ ở sảnh bị gãy chân"
QUEUE, MACHINE = "Quầy chứng thực chờ lâu quá", "Máy lấy số hay kẹt giấy"
FENCE = "Hàng rào công viên xiêu vẹo"
RECURS, DENIED = "Có phải việc đã trả lời", "Người gửi cho biết chưa được giải quyết"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[TurnedBox]:
    made = TurnedBox(tmp_path, "2027-01-05 10:00", jobs=("report", "units", "watch"))
    yield made
    made.close()


def answer(office: Member, text: str, subject: str, said: str, kind: str = "done", **more: str) -> None:
    office.do(text, "answer", tom_tat=subject, tra_loi=said, loai=kind, **more)


def report(box: TurnedBox, link: str, said: str) -> None:
    """The unit presses the button that its mail leads to, and says what it did."""
    door = hidden_fields(box.get(link).text)
    page = box.post("/xu-ly/viec", **door).text
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if "/xu-ly/bao" in one)
    assert box.post("/xu-ly/bao", **hidden_fields(form), tra_loi=said).status_code == 200


def judge(box: TurnedBox, reference: str, verdict: str) -> int:
    """The citizen looks the reference up and says whether it is settled."""
    found = box.post("/tra-cuu", ma=reference).text
    permit = re.search(r'name="phieu" value="([^"]+)"', found)
    if permit is None:
        return 0
    return box.post("/tra-cuu/danh-gia", phieu=permit.group(1), danh_gia=verdict).status_code


@pytest.mark.long
def test_seventy_days_around_tet(box: TurnedBox) -> None:
    office = Member(box, OFFICE)
    references = {
        text: box.write(text, f"nq-nvh{number}")
        for number, text in enumerate((LAMP, CHAIR, QUEUE, MACHINE, FENCE), 1)
    }

    # Monday 11 January: five suggestions in the mail, two of them go to a unit, due on the day after Tết.
    box.turn("2027-01-11 10:00")
    assert all(text in office.monday("2027-01-11") for text in references)
    first_link = office.link
    for text in references:
        office.do(text, "open")
    for text in (QUEUE, MACHINE):
        office.do(text, "assign", don_vi="Bộ phận Một cửa", han="2027-02-12")
    box.turn("2027-01-12 10:00")
    answer(office, FENCE, "Hàng rào", "Sẽ dựng lại.", "promised", hen="2027-02-12")
    box.turn("2027-01-13 10:00")
    answer(office, CHAIR, "Ghế ở sảnh", "Đã thay ghế gãy.")
    box.turn("2027-01-14 10:00")
    answer(office, LAMP, "Đèn ở ngõ 12", "Đã thay bóng đèn đường.")

    # The link of that Monday is good for fourteen days, and not a minute more.
    box.turn("2027-01-25 06:59")
    assert box.get(first_link).status_code == 200
    box.turn("2027-01-25 07:01")
    assert box.get(first_link).status_code == 403
    assert office.link != first_link

    # Fifteen working days after the 11th end on 1 February: from the next day on the two are overdue.
    box.turn("2027-02-01 10:00")
    assert "quá hạn" not in office.column("in_hand")
    box.turn("2027-02-02 10:00")
    assert office.column("in_hand").count("quá hạn 1 ngày") == 2
    # Nobody works on Monday the 8th, but the mail comes.
    box.turn("2027-02-08 10:00")
    assert office.monday("2027-02-08").count("Quá hạn 7 ngày") == 2

    # The promise is nobody's to judge, and stands in no column, until its day.
    box.turn("2027-02-11 10:00")
    assert FENCE not in office.column("in_hand")
    assert judge(box, references[FENCE], "not_settled") == 0
    box.turn("2027-02-12 08:00")
    assert FENCE in office.column("in_hand")
    # On its day the unit says that the machine is mended.
    links = re.findall(r"(/xu-ly/don-vi/\S+)", " ".join(words for _, words in box.mails(UNIT)))
    report(box, next(one for one in links if MACHINE in unit_page(box, one)), "Đã thay bộ nạp giấy.")
    box.turn("2027-02-15 10:00")
    assert "Đã hẹn làm trước ngày 12/02/2027, nay đã đến ngày" in office.monday("2027-02-15")

    # The queue is left: reminded of two working days before (both), and on the working day after (it alone).
    box.turn("2027-02-16 10:00")
    report(box, next(one for one in links if QUEUE in unit_page(box, one)), "Đã mở thêm một bàn.")
    answer(office, FENCE, "Hàng rào", "Đã dựng lại.")
    answer(office, QUEUE, "Chờ ở quầy", "Đã mở thêm một bàn.")
    answer(office, MACHINE, "Máy lấy số", "Đã thay bộ nạp giấy.")
    assert judge(box, references[FENCE], "settled") == 200
    box.turn("2027-02-18 10:00")
    assert judge(box, references[QUEUE], "not_settled") == 200
    box.turn("2027-02-22 10:00")
    assert office.monday("2027-02-22").count(DENIED) == 1
    assert QUEUE in office.column("in_hand")
    answer(office, QUEUE, "Chờ ở quầy", "Đã mở bàn thứ ba từ 22/02.")
    assert QUEUE not in office.column("in_hand")
    box.turn("2027-03-01 10:00")
    assert DENIED not in office.monday("2027-03-01")
    mails = box.mails(UNIT)
    assert [day for day, _ in mails] == ["2027-01-11", "2027-01-11", "2027-02-03", "2027-02-15"]
    assert mails[2][1].count("hạn 12/02/2027") == 2
    assert mails[3][1].count("hạn 12/02/2027, quá hạn 3 ngày") == 1

    # The week of Monday 15 March begins sixty days after the lamp's answer, and sixty-one after the chairs'.
    box.turn("2027-03-16 10:00")
    lamp_again, chair_again = "Đèn đường ngõ 12 lại hỏng", "Ghế chờ ở sảnh lại gãy"
    for text in (lamp_again, chair_again):
        box.write(text, "nq-mc")
    box.turn("2027-03-22 10:00")
    assert RECURS in office.look(lamp_again)
    assert RECURS not in office.look(chair_again)
    office.do(lamp_again, "recur")
    box.turn("2027-03-29 10:00")
    assert "Tái diễn sau khi đã trả lời" in office.monday("2027-03-29")
    assert box.mails("van-hanh.ngo-quyen@example.org") == [], "the operator was told of nothing wrong"


def unit_page(box: TurnedBox, link: str) -> str:
    return box.post("/xu-ly/viec", **hidden_fields(box.get(link).text)).text
