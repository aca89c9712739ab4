import re
from dataclasses import replace
from pathlib import Path

import pytest
from homthu.domain.boxes.box import PlaceKind
from homthu.domain.cases.case import AnswerKind
from homthu.render.effort import MINUTES
from homthu.render.texts import Texts
from posters.pack import coming_rounds
from posters.press import Refused, set_in_type
from posters.publicity import BadTemplates, picture_data, publicity_texts, spoken_host
from posters.words import FOLDER, BadTextFile, load_words
from printing import BAC_GIANG, BASE_URL, BOXES, NOW, TEXTS, order

BOX = BOXES[BAC_GIANG]
ROUND = coming_rounds(BOX, NOW)[0]
LINK = f"{BASE_URL}/?k=lien_ket"


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return publicity_texts(BOX, BASE_URL, ROUND, TEXTS)


def edited(folder: Path, old: str, new: str) -> Texts:
    """The words as an office has changed them."""
    for path in FOLDER.glob("*.toml"):
        content = path.read_text("utf-8")
        (folder / path.name).write_text(content.replace(old, new), "utf-8")
    return load_words(folder)


def test_there_is_a_text_for_each_moment_and_channel_and_a_list_of_links(texts: dict[str, str]) -> None:
    assert len(texts) == 4 * 4 + 1
    assert all("{" not in text and text.strip() for text in texts.values())


def test_what_is_posted_carries_the_link_that_is_counted_apart_from_the_posters(
    texts: dict[str, str],
) -> None:
    for name, text in texts.items():
        if "loa-truyen-thanh" in name:
            assert "http" not in text
            assert "gopy chấm phuongbacgiang chấm gov chấm vn" in text
        elif not name.startswith("lien-ket"):
            assert LINK in text


def test_each_place_has_its_own_link_for_its_neighbourhood(texts: dict[str, str]) -> None:
    links = texts["lien-ket-tung-diem.txt"]
    for place in BOX.places:
        assert f"{BASE_URL}/g/{place.code}?k=lien_ket" in links


def test_results_lead_to_the_published_results(texts: dict[str, str]) -> None:
    for channel in ("trang-thong-tin", "zalo", "facebook"):
        assert f"{BASE_URL}/ket-qua" in texts[f"4-ket-qua_{channel}.txt"]


def test_the_loudspeaker_reads_out_where_the_results_are(texts: dict[str, str]) -> None:
    said = texts["4-ket-qua_loa-truyen-thanh.txt"]
    assert f"{spoken_host(BASE_URL, TEXTS)} gạch chéo ket gạch nối qua." in said
    elsewhere = publicity_texts(replace(BOX, results="https://x.gov.vn/gop-y/"), BASE_URL, ROUND, TEXTS)
    assert "x chấm gov chấm vn gạch chéo gop gạch nối y." in elsewhere["4-ket-qua_loa-truyen-thanh.txt"]
    assert "https://x.gov.vn/gop-y/" in elsewhere["4-ket-qua_zalo.txt"]


def test_everybody_is_addressed_as_the_form_addresses_them(texts: dict[str, str]) -> None:
    for text in texts.values():
        assert " bạn " not in text
        assert "!!" not in text


def test_dates_come_from_the_box(texts: dict[str, str]) -> None:
    assert "25/12/2026" in texts["3-tuan-cuoi_zalo.txt"]


def test_a_port_and_a_hyphen_are_read_out() -> None:
    assert spoken_host("http://gop-y.vn:80", TEXTS) == "gop gạch nối y chấm vn hai chấm 80"


@pytest.mark.parametrize(
    "broken",
    [
        "{khong_co}",
        *(pytest.param(one, marks=pytest.mark.long) for one in ("{", "{0}")),
        "{ward.__class__.x}",
    ],
)
def test_a_text_that_an_editor_broke_is_refused_by_its_key(broken: str, tmp_path: Path) -> None:
    words = edited(tmp_path, "Kính thưa ông, bà!", f"Kính thưa ông, bà! {broken}")
    with pytest.raises(BadTemplates) as bad:
        publicity_texts(BOX, BASE_URL, ROUND, words)
    assert [key for key, _ in bad.value.problems] == [
        f"publicity.{moment}.loudspeaker" for moment in ("opening", "middle", "last_week", "results")
    ]
    with pytest.raises(Refused) as refused:
        set_in_type(order(places=1, texts=words))
    assert len(refused.value.problems) == 4


def test_a_text_file_that_is_no_toml_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadTextFile) as bad:
        edited(tmp_path, "[publicity.opening]", "[publicity.opening")
    assert re.match(r"publicity\.vi\.toml:\d+: dòng tên bảng phải là", str(bad.value))


def test_texts_saved_with_a_byte_order_mark_are_as_good(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_words(tmp_path).keys == TEXTS.keys


@pytest.mark.parametrize("name", ["1-mo-dot", "../1-mo-dot", "mo/dot"])
def test_no_text_is_written_over_another_nor_outside_its_folder(name: str, tmp_path: Path) -> None:
    words = edited(tmp_path, f'middle = "{TEXTS("publicity.file.middle")}"', f'middle = "{name}"')
    with pytest.raises(BadTemplates) as bad:
        publicity_texts(BOX, BASE_URL, ROUND, words)
    assert len(bad.value.problems) == 4
    assert all(name in reason for _, reason in bad.value.problems)


def test_an_edited_text_is_what_is_written(tmp_path: Path) -> None:
    words = edited(tmp_path, "Tuần cuối của {round}:", "Sắp hết {round}, {ward} mong")
    found = publicity_texts(BOX, BASE_URL, ROUND, words)["3-tuan-cuoi_zalo.txt"]
    assert found.startswith("Sắp hết Đợt 4 năm 2026, phường Bắc Giang mong")


def test_a_box_without_rounds_leaves_its_dates_to_be_filled_in() -> None:
    box = replace(BOX, rounds=())
    assert "…/…" in publicity_texts(box, BASE_URL, None, TEXTS)["1-mo-dot_zalo.txt"]


def test_a_commune_is_not_called_a_ward() -> None:
    box = replace(BOX, ward=replace(BOX.ward, kind="xã", name="Đồng Việt", authority="UBND xã Đồng Việt"))
    box = replace(box, report=replace(BOX.report, committee="Ban Chỉ đạo xã Đồng Việt"))
    texts = publicity_texts(box, "https://gopy.example.gov.vn", ROUND, TEXTS)
    del texts["lien-ket-tung-diem.txt"]  # names its places, which are Bắc Giang's here
    assert not any("phường" in text for text in texts.values())
    assert texts["4-ket-qua_zalo.txt"].startswith("Ông/bà nói – xã đã làm.")


def test_every_sentence_of_print_is_used() -> None:
    """By its whole key, or by its last part where a module goes through a table of them."""
    root = FOLDER.parents[2]
    paths = [*root.glob("scripts/posters/*.py"), *root.glob("scripts/commands/*.py")]
    paths += [*root.glob("scripts/province/*.py"), *root.glob("web/templates/print/*.html")]
    sources = "\n".join(path.read_text("utf-8") for path in paths)
    templates = "\n".join(path.read_text("utf-8") for path in root.glob("web/templates/print/*.typ"))
    for key in sorted(TEXTS.keys):
        if key.split(".")[0] in ("print", "publicity", "inspect", "register"):
            last = key.rsplit(".", 1)[1]
            is_kind = key.startswith("print.kind.") and last in set(PlaceKind)
            is_kind |= key.startswith("print.results.answer.") and last in set(AnswerKind)
            is_named = key in sources or f'"{last}"' in sources or f".{last}" in templates
            assert is_named or is_kind, key


def test_the_time_that_is_told_is_the_one_that_was_measured(texts: dict[str, str]) -> None:
    told = {minutes for text in texts.values() for minutes in re.findall(r"(\d+) phút", text)}
    picture = picture_data(BOX, BASE_URL, ROUND, TEXTS, "square")
    assert told == set(re.findall(r"(\d+) phút", picture["words"]["no_name"])) == {str(MINUTES)}
    assert not any("vài phút" in text.lower() for text in texts.values())
