"""The address that a poster prints, and the code that leads to it."""

from io import BytesIO

import pytest
from PIL import Image
from posters.address import BadBaseUrl, read_base_url
from posters.code import LEVEL, QUIET, make_code
from posters.pack import serial_of
from posters.press import Refused, set_in_type
from printing import BAC_GIANG, BASE_URL, BOXES, TEXTS, order


def test_an_address_too_long_for_small_codes_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        set_in_type(order(base_url="https://hom-thu-gop-y-dien-tu.phuongbacgiang.tinhbacninh.gov.vn"))
    assert any("tên miền ngắn hơn" in problem for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://gopy.phuong.gov.vn", "print.refused.not_https"),
        ("http://192.168.1.5:8080", "print.refused.not_https"),
        ("gopy.phuong.gov.vn", "setting.not_an_origin"),
        ("https://gopy.phuong.gov.vn/g", "setting.not_an_origin"),
        ("https://gópý.vn", "setting.host_not_ascii"),
        ("https://ai@gopy.phuong.gov.vn", "setting.origin_with_login"),
        ("", "setting.missing"),
    ],
)
def test_a_base_url_that_should_not_hang_on_a_wall_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadBaseUrl) as bad:
        read_base_url(text)
    assert bad.value.code == code
    assert code in TEXTS


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://GOPY.phuong.gov.vn/", "https://gopy.phuong.gov.vn"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_a_base_url_is_printed_in_small_letters_without_its_end(text: str, origin: str) -> None:
    assert read_base_url(text) == origin


def test_a_code_has_four_white_modules_on_every_side_and_much_correction() -> None:
    code = make_code(f"{BASE_URL}/g/bg-hcc")
    assert LEVEL == "h"
    assert QUIET == 4
    picture = Image.open(BytesIO(code.png)).convert("L")
    dark = picture.point(lambda level: 255 - level).getbbox()
    quiet = 4 * code.pixels // (code.modules + 8)
    assert dark == (quiet, quiet, picture.width - quiet, picture.width - quiet)
    assert f'viewBox="0 0 {code.modules + 8} {code.modules + 8}"' in code.svg


def test_serials_tell_ward_place_and_edition() -> None:
    box = BOXES[BAC_GIANG]
    serials = [serial_of(box, place, 3) for place in box.places]
    assert serials[0] == "07210-BG-HCC-03"
    assert len(set(serials)) == len(box.places)
