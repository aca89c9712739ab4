"""How each mistake in a box file is told."""

from pathlib import Path

import pytest
from box_editing import Slip, copy_boxes, cut, outcome, problems_of

FILE = "ngo-quyen.toml"
PLACE_1 = 'code = "nq-nvh1"\nname = "Nhà văn hóa tổ dân phố số 1"\n'
SECOND_RECIPIENT = '[[recipients]]\nname = "Thường'
ROUND_1 = 'opens = "01-22"\ncloses = "03-25"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_boxes(tmp_path)


SLIPS = {
    "a key with a typo": Slip('province = "', 'provnce = "', "misspelt_key", "ward.provnce", 'provnce = "'),
    "a table with a typo": Slip("[contact]", "[contacts]", "misspelt_key", "contacts", "[contacts]"),
    "a list of tables with a typo": Slip("[operator]", "[operatr]", "misspelt_key", "operatr", "[operatr]"),
    "an unknown key": Slip('code = "07207"', 'code = "07207"\nzip = 1', "unknown_key", "ward.zip", "zip = 1"),
    "a key at the wrong end": Slip(
        "[operator]\n", "[operator]\nclosing_hours = 1\n", "misplaced_key", "operator.closing_hours"
    ),
    "a missing key": Slip('name = "Ngô Quyền"\n', "", "missing_key", "ward.name", "[ward]"),
    "a missing key at the top": Slip(
        "closing_hours = 24\n", "", "missing_key", "closing_hours", "# Cấu hình"
    ),
    "a number for a text": Slip('name = "Ngô Quyền"', "name = 7", "not_text", "ward.name"),
    "a text for a number": Slip("closing_hours = 24", 'closing_hours = "24"', "not_whole", "closing_hours"),
    "a yes for a number": Slip("closing_hours = 24", "closing_hours = true", "not_whole", "closing_hours"),
    "a text for a list": Slip("former_names = []", 'former_names = ""', "not_texts", "ward.former_names"),
    "a number in a list": Slip('"Lưu VP",', "5,", "not_text", "report.copies_to[5]"),
    "one bracket for two": Slip(
        "[[recipients]]\n", "[recipients]\n", "written_twice", "", '[[recipients]]\nname = "Thường'
    ),
    "an empty text": Slip('province = "tỉnh Bắc Giang"', 'province = "  "', "empty_text", "ward.province"),
    "a text of two lines": Slip('"tỉnh Bắc Giang"', '"tỉnh\\nBắc Giang"', "several_lines", "ward.province"),
    "something to read that there is not": Slip(
        '"figures", "words"]', '"figures", "word"]', "not_one_of", "recipients[1].reads[2]"
    ),
    "a recipient who reads nothing": Slip(
        'reads = ["figures", "words"]', "reads = []", "none_of", "recipients[1].reads"
    ),
    "a text for what somebody reads": Slip(
        'reads = ["figures", "words"]', 'reads = "words"', "not_texts", "recipients[1].reads"
    ),
    "what somebody reads with a typo": Slip(
        'reads = ["figures", "words"]', 'read = ["figures"]', "misspelt_key", "recipients[1].read", "read ="
    ),
    "one of whom it is not said what they read": Slip(
        'reads = ["figures", "words"]\n',
        "",
        "missing_key",
        "recipients[1].reads",
        SECOND_RECIPIENT.replace("Thường", "Ban"),
    ),
    "an operator who reads": Slip(
        "[operator]\n",
        '[operator]\nreads = ["words"]\n',
        "unknown_key",
        "operator.reads",
        'reads = ["words"]',
    ),
    "nobody who reads petitions": Slip(
        ', "petitions"]', "]", "nobody_reads_petitions", "recipients[1].reads", 'reads = ["figures", "words"]'
    ),
    "a control character in a ward's name": Slip(
        '"Ngô Quyền"', '"Ngô\\u0007 Quyền"', "unseen_character", "ward.name"
    ),
    "a bidi mark in a place's name": Slip(
        PLACE_1, PLACE_1.replace("số 1", "số \u202e1"), "unseen_character", "places[2].name"
    ),
    "a text too long": Slip('"Ngô Quyền"', f'"{"Ngô " * 20}"', "too_long", "ward.name"),
    "hours out of range": Slip("closing_hours = 24", "closing_hours = 169", "out_of_range", "closing_hours"),
    "hours below zero": Slip("closing_hours = 24", "closing_hours = -1", "out_of_range", "closing_hours"),
    "another schema": Slip("schema = 1", "schema = 2", "unsupported_schema", "schema"),
    "a ward's code too short": Slip('"07207"', '"7207"', "bad_ward_code", "ward.code"),
    "a ward's code of other digits": Slip('"07207"', '"0720٧"', "bad_ward_code", "ward.code"),
    "a place's code in capitals": Slip('"nq-nvh1"', '"NQ-nvh1"', "bad_place_code", "places[2].code"),
    "a place's code of one letter": Slip('"nq-nvh1"', '"n"', "bad_place_code", "places[2].code"),
    "a place's code used twice": Slip('"nq-nvh2"', '"nq-nvh1"', "duplicate", "places[3].code"),
    "a place's name used twice": Slip('tổ dân phố số 2"', 'tổ dân phố số 1"', "duplicate", "places[3].name"),
    "a place's name used twice, its tone put elsewhere": Slip(
        'name = "Nhà văn hóa tổ dân phố số 2"',
        'name = "NHÀ văn hoá tổ dân phố số 1"',
        "duplicate",
        "places[3].name",
    ),
    "a place's code of another ward": Slip('"nq-nvh1"', '"bg-nq1"', "taken", "places[2].code"),
    "another ward's code": Slip('"07207"', '"07210"', "taken", "ward.code"),
    "a kind of place unknown": Slip('"one_stop"\n', '"onestop"\n', "not_one_of", "places[1].kind"),
    "a results page that is no address": Slip(
        'results = ""', 'results = "trang phường"', "bad_results", "results"
    ),
    "two telephone numbers": Slip("0204 000 0000", "0204 000 0000; 115", "bad_phone", "contact.phone"),
    "two telephone numbers joined by a hyphen": Slip(
        "0204 000 0000", "02043854321-0912345678", "bad_phone", "contact.phone"
    ),
    "a telephone number too short": Slip("0204 000 0000", "0204 000", "bad_phone", "contact.phone"),
    "a symbol with its number": Slip('"BC/ĐTN"', '"05-BC/ĐTN"', "bad_symbol", "report.symbol"),
    "a letter head unknown": Slip('head = "doan"', 'head = "mttq"', "not_one_of", "report.head"),
    "a questionnaire unknown": Slip('"qcdc-v2"', '"qcdc-v9"', "unknown_questionnaire", "questionnaire"),
    "a round's code with a slash": Slip('"dot-1"', '"1/2024"', "bad_round_code", "rounds[1].code"),
    "a round's code used twice": Slip('"dot-2"', '"dot-1"', "duplicate", "rounds[2].code"),
    "a day written the local way": Slip('"01-22"', '"22/01"', "local_day", "rounds[1].opens"),
    "a day written the local way, in short": Slip('"01-22"', '"5. 2"', "local_day", "rounds[1].opens"),
    "a day written the local way, with its year": Slip(
        '"01-22"', '"1/2/2027"', "local_day", "rounds[1].opens"
    ),
    "day and month the other way round": Slip('"01-22"', '"22-01"', "local_day", "rounds[1].opens"),
    "a day in words": Slip('"01-22"', '"22 tháng 1"', "bad_day", "rounds[1].opens"),
    "a local day that is none": Slip('"01-22"', '"31/02"', "bad_day", "rounds[1].opens"),
    "a month that is not": Slip('"03-25"', '"13-25"', "no_such_day", "rounds[1].closes"),
    "the thirtieth of February": Slip('"03-25"', '"02-30"', "no_such_day", "rounds[1].closes"),
    "a leap day every year": Slip('"03-25"', '"02-29"', "leap_day", "rounds[1].closes"),
    "a leap day in a common year": Slip(
        ROUND_1, 'opens = "2027-02-01"\ncloses = "2027-02-29"', "no_such_day", "rounds[1].closes", "closes = "
    ),
    "a year out of reach": Slip(
        ROUND_1, 'opens = "0001-01-01"\ncloses = "2027-02-28"', "bad_year", "rounds[1].opens"
    ),
    "one day with, one without a year": Slip('"03-25"', '"2027-03-25"', "mixed_days", "rounds[1].closes"),
    "a dated round that closes first": Slip(
        ROUND_1,
        'opens = "2027-03-01"\ncloses = "2027-02-28"',
        "closes_before_opens",
        "rounds[1].closes",
        "closes = ",
    ),
    "a yearly round over New Year": Slip(
        '"03-25"', '"01-20"', "yearly_closes_before_opens", "rounds[1].closes"
    ),
    "rounds that touch": Slip('"04-01"', '"03-25"', "overlap", "rounds[2].opens"),
    "a dated round over a yearly one": Slip(
        ROUND_1,
        'opens = "2026-12-25"\ncloses = "2027-02-28"',
        "overlap",
        "rounds[4].opens",
        'opens = "10-01"',
    ),
    "a day off written the local way": Slip(
        '"04-30", "05-01"', '"30/4", "05-01"', "local_day", "deadlines.holidays[2]", "holidays = "
    ),
    "an answer due before its assignment": Slip(
        "answer = 15", "answer = 3", "answers_before_assigning", "deadlines.answer"
    ),
    "a name that a header cannot carry": Slip(
        '"Thường trực Đảng ủy"', '"Thường trực <Đảng ủy>"', "bad_name", "recipients[2].name"
    ),
    "a name too long for a header": Slip(
        '"Thường trực Đảng ủy"',
        '"Thường trực Đảng ủy phường Ngô Quyền"',
        "name_too_long",
        "recipients[2].name",
    ),
    "no address": Slip('"van-hanh.ngo-quyen@example.org"', '"van-hanh"', "bad_address", "operator.email"),
    "an address with a name": Slip(
        '"van-hanh.ngo-quyen@example.org"', '"A <a@example.org>"', "bad_address", "operator.email"
    ),
    "an address with accents": Slip(
        '"dan-van.ngo-quyen', '"dân-vận.ngo-quyen', "bad_address", "recipients[3].email"
    ),
    "two addresses": Slip(
        '"dan-van.ngo-quyen@example.org"', '"a@b.vn, c@d.vn"', "bad_address", "recipients[3].email"
    ),
    "a line break in an address": Slip(
        '"dan-van.ngo-quyen@', '"dan-van\\r\\nBcc: x@', "unseen_character", "recipients[3].email"
    ),
    "an address used twice": Slip(
        '"dan-van.ngo-quyen@example.org"',
        '"BCD-QCDC.Ngo-Quyen@Example.org"',
        "duplicate",
        "recipients[3].email",
    ),
    "a quote that is missing": Slip('name = "Ngô Quyền"', 'name = "Ngô Quyền', "unclosed_quote", ""),
    "a bracket that is missing": Slip("former_names = []", "former_names = [", "unclosed_array", ""),
    "a list without an end": Slip('  "Lưu VP",\n]', '  "Lưu VP",', "unclosed_array", "", "copies_to = ["),
    "a comma that is missing": Slip(
        '"UBND phường",\n', '"UBND phường"\n', "missing_comma", "", '"UBND phường"\n'
    ),
    "a value that is missing": Slip('name = "Ngô Quyền"', "name = ", "missing_value", ""),
    "a sign that is missing": Slip('name = "Ngô Quyền"', 'name "Ngô Quyền"', "missing_equals", ""),
    "a remark without its sign": Slip(
        'name = "Ngô Quyền"', 'name = "Ngô Quyền" (cũ)', "text_after_value", ""
    ),
    "quotes within quotes": Slip('name = "Ngô Quyền"', 'name = "Ngô "Quyền""', "text_after_value", ""),
    "a key with marks": Slip('phone = "0204', 'điện_thoại = "0204', "bad_key", ""),
    "a key of two words": Slip("reception_hours = ", "reception hours = ", "bad_key", ""),
    "a remark of its own": Slip('phone = "0204', '// số máy\nphone = "0204', "bad_key", ""),
    "a header without its end": Slip("[contact]", "[contact", "bad_header", ""),
    "a header with one bracket too few": Slip("[[rounds]]\n", "[[rounds]\n", "bad_header", ""),
    "a backslash": Slip('name = "Ngô Quyền"', 'name = "Ngô\\Quyền"', "bad_backslash", ""),
    "a tab of an old kind": Slip('name = "Ngô Quyền"', 'name = "Ngô\x0bQuyền"', "unseen_character", ""),
    "quotes from a word processor": Slip('name = "Ngô Quyền"', "name = “Ngô Quyền”", "curly_quotes", ""),
    "digits without quotes": Slip('code = "07207"', "code = 07207", "unquoted_digits", ""),
    "a day without quotes": Slip('opens = "01-22"', "opens = 01-22", "unquoted_digits", ""),
    "a word without quotes": Slip('name = "Ngô Quyền"', "name = Ngô Quyền", "unquoted_text", ""),
    "a line written twice": Slip(
        "closing_hours = 24\n",
        "closing_hours = 24\nclosing_hours = 12\n",
        "written_twice",
        "",
        "closing_hours = 12",
    ),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_slip_gives_one_problem_where_it_stands(folder: Path, slip: Slip) -> None:
    found, line = outcome(folder / FILE, slip, folder)
    assert found == [(FILE, line, slip.key, slip.code)]


def test_lists_need_their_entries(folder: Path) -> None:
    path = folder / FILE
    for table in ("[[places]]", "[[recipients]]"):
        cut(path, table)
    assert [(p.key, p.code, p.data["least"]) for p in problems_of(folder)] == [
        ("places", "too_few", 1),
        ("recipients", "too_few", 1),
    ]


def test_a_single_entry_needs_doubled_brackets_too(folder: Path) -> None:
    path = folder / FILE
    cut(path, "[[recipients]]")
    path.write_text(path.read_text("utf-8") + '\n[recipients]\nname = "A"\nemail = "a@b.vn"\n', "utf-8")
    assert [(p.key, p.code) for p in problems_of(folder)] == [("recipients", "not_tables")]


def test_a_value_is_no_table(folder: Path) -> None:
    path = folder / FILE
    cut(path, "[operator]")
    cut(path, "[[rounds]]")
    top = 'operator = "a@b.vn"\nrounds = ["Đợt 1"]\n'
    path.write_text(top + path.read_text("utf-8"), "utf-8")
    assert [(p.line, p.key, p.code) for p in problems_of(folder)] == [
        (1, "operator", "not_table"),
        (2, "rounds[1]", "not_table"),
    ]


def test_a_list_may_not_be_endless(folder: Path) -> None:
    path = folder / FILE
    more = "".join(
        f'\n[[recipients]]\nname = "A"\nemail = "a{i}@b.vn"\nreads = ["figures"]\n' for i in range(30)
    )
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    assert [(p.key, p.code, p.data) for p in problems_of(folder)] == [
        ("recipients", "too_many", {"count": 34, "most": 30})
    ]


def test_a_box_that_takes_nothing_between_rounds_needs_a_round(folder: Path) -> None:
    path = folder / FILE
    cut(path, "[[rounds]]")
    assert problems_of(folder) == []
    path.write_text(path.read_text("utf-8").replace('"accept"', '"close"'), "utf-8")
    assert [(p.key, p.code) for p in problems_of(folder)] == [("rounds", "no_rounds")]
