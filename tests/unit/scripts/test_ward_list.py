"""The official list of wards: whole, with today's codes, and found as people look for a ward."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from dev.supply.licences import licences_of, words_of
from setting_up.wards import PACKAGE, all_wards, find_wards

ROOT = Path(__file__).parents[3]


def test_there_are_3321_wards_in_34_provinces_each_with_five_digits() -> None:
    wards = all_wards()
    assert len(wards) == 3321
    assert all(len(code) == 5 and code.isdigit() and ward.code == code for code, ward in wards.items())
    assert len({ward.province for ward in wards.values()}) == 34
    kinds = Counter(ward.kind for ward in wards.values())
    # As the Standing Committee resolved in June 2025: 2,621 communes, 687 wards, 13 special zones.
    assert kinds == {"xã": 2621, "phường": 687, "đặc khu": 13}


def test_the_codes_that_were_looked_up_elsewhere() -> None:
    wards = all_wards()
    assert (wards["07210"].full_name, wards["07210"].province) == ("phường Bắc Giang", "tỉnh Bắc Ninh")
    assert (wards["11329"].full_name, wards["11329"].province) == ("phường Ngô Quyền", "thành phố Hải Phòng")
    assert "07207" not in wards
    assert set(wards["07210"].former_names) == {
        "phường Thọ Xương",
        "phường Ngô Quyền",
        "phường Xương Giang",
        "phường Hoàng Văn Thụ",
        "phường Trần Phú",
        "phường Dĩnh Kế",
        "phường Dĩnh Trì",
    }


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("07210", "07210"),
        ("07207", "07210"),
        ("bac giang", "07210"),
        ("Phường Bắc Giang", "07210"),
        ("ngô quyền", "11329"),
        ("NGO QUYEN HAI PHONG", "11329"),
        ("ngo quyen bac ninh", "07210"),
        ("dinh ke", "07210"),
        ("hoàn kiếm", "00070"),
        ("côn đảo", "26732"),
    ],
)
def test_a_ward_is_found_by_code_name_or_former_name(typed: str, first: str) -> None:
    assert [ward.code for ward in find_wards(typed)][:1] == [first]


@pytest.mark.parametrize("typed", ["", "   ", "99999", "zzz", "'; drop", "%", "\x00"])
def test_what_is_no_ward_finds_none(typed: str) -> None:
    assert find_wards(typed) == []


def test_the_list_is_free_to_use_and_its_package_is_never_run() -> None:
    assert words_of(licences_of(PACKAGE)) == "MIT"
    look = "from setting_up.wards import all_wards; all_wards()"
    code = f"import sys; {look}; sys.exit('{PACKAGE}' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT / "scripts", check=True)
