"""What comes in and goes out of the set-up: zips from anywhere, and mail through whatever server there is."""

import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from fakes.mail_server import HOST, PASSWORD, USERNAME, MailHandler, mail_server, make_certificate
from homthu.adapters.box_files import load_boxes
from homthu.adapters.box_files.recorded import record_versions
from homthu.adapters.clock import system_clock
from ports import free_port
from posters import printed
from posters.printed import note_codes, printed_codes
from setting_up import bundle
from setting_up.bundle import pack, read_zip, take_in
from setting_up.errands import Failed
from setting_up.mail_way import SMTP, MailWay, keep_way, read_way, send_one, try_way, typed_way
from setting_up.saving import look_at, save
from setting_up.words import load_words
from setting_up.workplace import Workplace
from small_disk import fill, small_disk

SHIPPED = Path(__file__).parents[3] / "functions" / "boxes"
TEXTS = load_words()
TO = "toi@phuong.example"


def a_place(folder: Path) -> Workplace:
    return Workplace(data=folder, shipped=SHIPPED)


def with_ward(folder: Path) -> Workplace:
    place = a_place(folder)
    place.furnish()
    text = (SHIPPED / "ngo-quyen.toml").read_text("utf-8").replace('emblem = ""', 'emblem = "huy-hieu.svg"')
    (place.boxes / "ngo-quyen.toml").write_text(text, "utf-8")
    (place.boxes / "huy-hieu.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    note_codes(place.boxes, {"nq-mc": "26/11/2026"})
    return place


def zipped(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in files.items():
            archive.writestr(name, one)
    return content.getvalue()


def test_a_ward_goes_to_another_machine_whole_and_is_saved_there_when_it_was_seen(tmp_path: Path) -> None:
    place = with_ward(tmp_path / "a")
    packed = pack(place, "ngo-quyen.toml")
    assert packed == pack(place, "ngo-quyen.toml")
    other = a_place(tmp_path / "b")
    draft = take_in(read_zip(packed, TEXTS), other, TEXTS)
    assert other.files() == []
    assert draft.is_new
    assert draft.table["places"][0]["code"] == "nq-mc"
    assert printed_codes(other.boxes) == {"nq-mc": "26/11/2026"}
    save(draft, look_at(draft, other, TEXTS), other)
    assert (other.boxes / "ngo-quyen.toml").read_bytes() == (place.boxes / "ngo-quyen.toml").read_bytes()
    assert load_boxes(other.boxes) == load_boxes(place.boxes)
    assert (other.boxes / "huy-hieu.svg").exists()


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.toml",
        "/etc/passwd",
        "questionnaires/../../evil.toml",
        "questionnaires\\..\\evil.toml",
        "C:\\evil.toml",
        "NGO-QUYEN.toml",
        "ngo-quyen.toml.exe",
        ".hidden.toml",
        "questionnaires/a/b.toml",
        "hom-thu.db",
        "hom-thu.env",
        "a\x1b[2J.toml",
    ],
)
def test_a_name_that_we_do_not_give_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    files = {"ngo-quyen.toml": b"", name: b"x"}
    with pytest.raises(Failed, match="không phải thứ trang này xuất ra") as refused:
        read_zip(zipped(files), TEXTS)
    assert refused.value.sentences[0].isprintable()
    assert list(tmp_path.iterdir()) == []


def test_a_zip_that_swells_is_stopped_while_it_is_read() -> None:
    bomb = zipped({"ngo-quyen.toml": b"", "a.png": b"\0" * (bundle.MOST_BYTES * 4)})
    assert len(bomb) < 100_000
    with pytest.raises(Failed, match="chứa quá nhiều"):
        read_zip(bomb, TEXTS)
    many = {f"questionnaires/q{number}.toml": b"" for number in range(bundle.MOST_FILES)}
    with pytest.raises(Failed, match="chứa quá nhiều"):
        read_zip(zipped({"ngo-quyen.toml": b"", **many}), TEXTS)


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip", zipped({})[:10], zipped({"a.png": b"x"})])
def test_what_is_no_zip_of_a_ward_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Failed):
        read_zip(content, TEXTS)


def test_a_link_in_a_zip_is_only_a_file(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        entry = zipfile.ZipInfo("ngo-quyen.toml")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(Failed):
        take_in(read_zip(content.getvalue(), TEXTS), a_place(tmp_path), TEXTS)
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


def test_what_differs_here_is_never_overwritten(tmp_path: Path) -> None:
    files = read_zip(pack(with_ward(tmp_path / "a"), "ngo-quyen.toml"), TEXTS)
    other = with_ward(tmp_path / "b")
    changed = {**files, "questionnaires/qcdc-v2.toml": files["questionnaires/qcdc-v2.toml"] + b"# x\n"}
    with pytest.raises(Failed, match="không ghi đè"):
        take_in(changed, other, TEXTS)


def test_a_faulty_ward_or_an_active_emblem_is_refused_before_anything_is_kept(tmp_path: Path) -> None:
    files = read_zip(pack(with_ward(tmp_path / "a"), "ngo-quyen.toml"), TEXTS)
    other = a_place(tmp_path / "b")
    for change in ({"ngo-quyen.toml": b"ward = 1\n"}, {"huy-hieu.svg": b"<svg><script/></svg>"}):
        with pytest.raises(Failed):
            take_in({**files, **change}, other, TEXTS)
        assert not other.data.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"questionnaires/recorded.json": b"not a record {"},
        {"questionnaires/recorded.json": b"[" * 200_000},
        {"printed.json": b"[" * 200_000},
        {"printed.json": b"{"},
        {"printed.json": b"[1]"},
        {"printed.json": b'{"nq-mc": 1}'},
        {"printed.json": b'{"nq-mc": "26/11/2026 "}'},
        {"printed.json": b'{"nq-\\n": "26/11/2026"}'},
        {"printed.json": json.dumps({f"a{n}": "1/1/2026" for n in range(bundle.MOST_PRINTED + 1)}).encode()},
        {"ngo-quyen.toml": b"a = " + b"[" * 100_000},
        {"ngo-quyen.toml": b".".join([b"a"] * 5_000) + b" = 1\n" + (SHIPPED / "ngo-quyen.toml").read_bytes()},
    ],
    ids=lambda change: f"{next(iter(change))} {next(iter(change.values()))[:24]!r}",
)
def test_nothing_of_a_refused_zip_stays(tmp_path: Path, change: dict[str, bytes]) -> None:
    files = read_zip(pack(with_ward(tmp_path / "a"), "ngo-quyen.toml"), TEXTS)
    asked = files["questionnaires/qcdc-v2.toml"].replace(b"qcdc-v2", b"khac-v1")
    files |= {"questionnaires/khac-v1.toml": asked}
    other = a_place(tmp_path / "b")
    with pytest.raises(Failed):
        take_in({**files, **change}, other, TEXTS)
    assert not other.data.exists()
    take_in(files, other, TEXTS)
    assert "khac-v1" in other.questionnaires()


def test_of_a_zip_that_the_disk_does_not_take_nothing_stays(tmp_path: Path) -> None:
    """Whichever of its files is the one that finds the disk full."""
    source = with_ward(tmp_path / "a")
    own = (SHIPPED / "questionnaires" / "qcdc-v2.toml").read_bytes().replace(b"qcdc-v2", b"khac-v1")
    (source.boxes / "questionnaires" / "khac-v1.toml").write_bytes(own)
    record_versions(source.boxes, load_boxes(source.boxes).questionnaires)
    files = read_zip(pack(source, "ngo-quyen.toml"), TEXTS)
    (tmp_path / "b").mkdir()
    with small_disk(tmp_path / "b", "1m") as disk:
        other = a_place(disk / "data")
        other.furnish()
        note_codes(other.boxes, {"nq-cho": "1/1/2026"})
        before, refused = _files(other.data), 0
        while True:
            filler = fill(disk)
            os.truncate(filler, max(filler.stat().st_size - refused * 4096, 0))
            try:
                take_in(files, other, TEXTS)
            except OSError:
                refused += 1
                filler.unlink()
                assert _files(other.data) == before
            else:
                break
        assert set(printed_codes(other.boxes)) == {"nq-cho", "nq-mc"}
        assert other.is_recorded("khac-v1")
    assert refused > 10


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_codes_of_a_zip_are_noted_at_once_and_ours_keep_their_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = read_zip(pack(with_ward(tmp_path / "a"), "ngo-quyen.toml"), TEXTS)
    days = {"nq-mc": "1/1/2027"} | {f"a{n}": "26/11/2026" for n in range(bundle.MOST_PRINTED - 1)}
    other = a_place(tmp_path / "b")
    other.furnish()
    note_codes(other.boxes, {"nq-mc": "2/2/2026"})
    written: list[str] = []
    replace = printed.replace_whole

    def counted(path: Path, content: bytes) -> None:
        written.append(path.name)
        replace(path, content)

    monkeypatch.setattr(printed, "replace_whole", counted)
    take_in({**files, "printed.json": json.dumps(days).encode()}, other, TEXTS)
    assert written.count("printed.json") == 1
    assert printed_codes(other.boxes) == days | {"nq-mc": "2/2/2026"}


def way(at: int, **changes: str) -> MailWay:
    given = {"host": HOST, "port": str(at), "username": USERNAME, "password": PASSWORD}
    return MailWay(**{"way": SMTP, "sender": "hom-thu@phuong.example", **given, **changes})


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    return tmp_path


def test_a_test_mail_arrives_and_the_check_before_it_hands_nothing_over(trusted: Path) -> None:
    handler = MailHandler()
    certificate = make_certificate(trusted)
    with mail_server(handler, certificate.server) as port:
        assert try_way(way(port), trusted, TO, TEXTS) == []
        assert handler.envelopes == []
        assert send_one(way(port), trusted, TO, TEXTS, system_clock) == []
    (envelope,) = handler.envelopes
    assert envelope.rcpt_tos == [TO]
    assert handler.tls == [True]


def test_each_fault_of_a_mail_server_is_told_in_words_without_variables(trusted: Path) -> None:
    certificate = make_certificate(trusted)
    said: list[str] = []
    with mail_server(MailHandler(at_mail="553 5.7.1 not yours"), certificate.server) as port:
        said += try_way(way(port), trusted, TO, TEXTS)
        said += try_way(way(port, password="sai"), trusted, TO, TEXTS)
    with mail_server(MailHandler(refused_recipient=TO), certificate.server) as port:
        said += try_way(way(port), trusted, TO, TEXTS)
    with mail_server(MailHandler(), None, asks_password=False) as port:
        said += try_way(way(port), trusted, TO, TEXTS)
    said += try_way(way(free_port()), trusted, TO, TEXTS)
    assert len(said) == 5
    words = ("gửi dưới địa chỉ", "tên hoặc mật khẩu", "", "STARTTLS", "Không kết nối")
    for sentence, word in zip(said, words, strict=True):
        assert word in sentence
        assert "HOMTHU_" not in sentence
        assert PASSWORD not in sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"host": ""}, "Máy chủ thư: "),
        ({"port": "x"}, "Cổng phải là một số"),
        ({"sender": "phường"}, "Gửi từ địa chỉ: "),
        ({"password": "mật khẩu"}, "chỉ được gồm chữ không dấu"),
        ({"bounces_to": "a b"}, "Thư trả lại về đâu: "),
    ],
)
def test_settings_that_cannot_be_are_told_before_anybody_is_spoken_to(
    tmp_path: Path, changes: dict[str, str], sentence: str
) -> None:
    (told,) = try_way(way(587, **changes), tmp_path, TO, TEXTS)
    assert sentence in told


def test_the_way_is_kept_for_this_user_alone_and_read_back_whatever_the_password(tmp_path: Path) -> None:
    for port in ("587", "465", "25"):
        kept = way(1, port=port, password="a@b:c/d%e$f'g\"h`i\\j ")
        keep_way(kept, tmp_path, TEXTS)
        assert read_way(tmp_path) == kept
    assert (tmp_path / "hom-thu.env").stat().st_mode & 0o077 == 0


def test_a_password_that_is_kept_goes_to_no_other_server(tmp_path: Path) -> None:
    kept = way(587)
    form = {"way": SMTP, "host": HOST, "port": "587", "username": USERNAME, "password": ""}
    assert typed_way(form, kept).password == PASSWORD
    assert typed_way({**form, "host": "evil.example"}, kept).password == ""
