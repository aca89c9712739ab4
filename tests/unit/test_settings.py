from pathlib import Path
from urllib.parse import urlsplit

import pytest
from homthu.adapters.web_files import load_texts
from homthu.config import (
    BadSettings,
    CloudTasksSetting,
    FirestoreStoreSetting,
    OutboxMailSetting,
    ServiceMode,
    SesMailSetting,
    SmtpMailSetting,
    SqliteStoreSetting,
    read_settings,
)
from homthu.render.mail.message import address
from secret_settings import secret_settings

GOOD = {
    "HOMTHU_BASE_URL": "https://gopy.example.org",
    **secret_settings("/run/secret"),
    "HOMTHU_STORE": "sqlite:///srv/hom-thu.db",
    "HOMTHU_MAIL": "outbox:/srv/outbox",
    "HOMTHU_SENDER": "hom-thu@example.org",
}


def codes(**changes: str) -> set[tuple[str, str]]:
    with pytest.raises(BadSettings) as raised:
        read_settings({**GOOD, **changes}, frozenset(GOOD))
    return {(problem.variable, problem.code) for problem in raised.value.problems}


def test_good_settings_are_read() -> None:
    settings = read_settings(GOOD, frozenset(GOOD))
    assert settings.store == SqliteStoreSetting(path=Path("/srv/hom-thu.db"))
    assert settings.mail == OutboxMailSetting(folder=Path("/srv/outbox"))
    assert settings.mode is ServiceMode.OPEN


@pytest.mark.parametrize(
    ("value", "setting"),
    [
        (
            "firestore://my-project/(default)",
            FirestoreStoreSetting(project="my-project", database="(default)"),
        ),
        ("firestore://my-project/hom-thu", FirestoreStoreSetting(project="my-project", database="hom-thu")),
    ],
)
def test_a_firestore_database_is_read(value: str, setting: FirestoreStoreSetting) -> None:
    assert read_settings({**GOOD, "HOMTHU_STORE": value}, frozenset()).store == setting


@pytest.mark.parametrize(
    ("value", "setting"),
    [
        ("ses://ap-southeast-1", SesMailSetting(region="ap-southeast-1")),
        (
            "ses://ap-southeast-1?role=arn:aws:iam::123456789012:role/homthu-report",
            SesMailSetting(region="ap-southeast-1", role="arn:aws:iam::123456789012:role/homthu-report"),
        ),
        (
            "smtp+starttls://u%40x:p%3Aw@mail.example.org:2525",
            SmtpMailSetting(host="mail.example.org", port=2525, username="u@x", password="p:w"),
        ),
        ("smtp+starttls://relay.example.org:25", SmtpMailSetting(host="relay.example.org", port=25)),
        (
            "smtps://u:p@mail.example.org",
            SmtpMailSetting(host="mail.example.org", port=465, username="u", password="p", implicit_tls=True),
        ),
        (
            "smtps://mail.example.org:2465",
            SmtpMailSetting(host="mail.example.org", port=2465, implicit_tls=True),
        ),
    ],
)
def test_a_mail_provider_is_read(value: str, setting: object) -> None:
    assert read_settings({**GOOD, "HOMTHU_MAIL": value}, frozenset()).mail == setting


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("HOMTHU_BASE_URL", "", "missing"),
        ("HOMTHU_BASE_URL", "https://gopy.example.org/duong-dan", "not_an_origin"),
        ("HOMTHU_BASE_URL", "gopy.example.org", "not_an_origin"),
        ("HOMTHU_BASE_URL", "http://gopy.example.org", "not_https"),
        ("HOMTHU_BASE_URL", "https://[", "not_a_url"),
        ("HOMTHU_BASE_URL", "https://góp-ý.vn", "host_not_ascii"),
        ("HOMTHU_BASE_URL", "https://gopy_phuong.vn", "bad_host"),
        ("HOMTHU_BASE_URL", "https://gopy.vn.", "bad_host"),
        ("HOMTHU_BASE_URL", "https://-gopy.vn", "bad_host"),
        ("HOMTHU_BASE_URL", "https://gopy..vn", "bad_host"),
        ("HOMTHU_BASE_URL", "https://10.0.0.300", "bad_host"),
        ("HOMTHU_BASE_URL", f"https://{'a.' * 80}vn", "bad_host"),
        ("HOMTHU_BASE_URL", "http://[::1]:8105", "bad_host"),
        ("HOMTHU_BASE_URL", "https://user:pw@gopy.vn", "origin_with_login"),
        ("HOMTHU_SENDER", "a?b@gopy.vn", "bad_address"),
        ("HOMTHU_SENDER", f"a@{'a.' * 130}vn", "bad_address"),
        ("HOMTHU_SECRET_DESK", "secret", "not_absolute"),
        ("HOMTHU_PAGE_CACHE", "0", "not_mebibytes"),
        ("HOMTHU_PAGE_CACHE", "32 MiB", "not_mebibytes"),
        ("HOMTHU_SECRET", "/run/secret", "split_secret"),
        ("HOMTHU_STORE", "postgres://x", "unknown_store"),
        ("HOMTHU_STORE", "sqlite://tuong-doi.db", "bad_sqlite"),
        ("HOMTHU_STORE", "sqlite:///x.db?mode=memory", "bad_sqlite"),
        ("HOMTHU_STORE", "sqlite:///srv/hom thu #1/x.db", "bad_sqlite"),
        ("HOMTHU_STORE", "firestore://UPPER/x", "bad_firestore"),
        ("HOMTHU_STORE", "firestore://some-project/drill#2", "bad_firestore"),
        ("HOMTHU_MAIL", "outbox:tuong/doi", "not_absolute"),
        ("HOMTHU_MAIL", "smtp://u:p@x", "unknown_mail"),
        ("HOMTHU_MAIL", "smtp+starttls://u@x", "bad_smtp"),
        ("HOMTHU_MAIL", "smtp+starttls://:p@x", "bad_smtp"),
        ("HOMTHU_MAIL", "smtp+starttls://", "bad_smtp"),
        ("HOMTHU_MAIL", "smtps://may_chu.vn", "bad_smtp"),
        ("HOMTHU_MAIL", "smtps://x/duong?a=b", "bad_smtp"),
        ("HOMTHU_MAIL", "smtps://u:m%E1%BA%ADt@x", "login_not_ascii"),
        ("HOMTHU_MAIL", "smtp+starttls://u:p@x:465", "starttls_on_465"),
        ("HOMTHU_MAIL", "smtps://u:p@x:587", "smtps_on_587"),
        ("HOMTHU_MAIL", "smtps://x:25", "smtps_on_587"),
        ("HOMTHU_BOUNCES_TO", "quản-trị@x.vn", "bad_address"),
        ("HOMTHU_MAIL", "ses://Singapore", "bad_ses"),
        ("HOMTHU_MAIL", "ses://ap-southeast-1?role=homthu-report", "bad_ses"),
        ("HOMTHU_SENDER", "Hòm thư <a@b.vn>", "bad_address"),
        ("HOMTHU_SENDER", "a@b.vn\r\nBcc: c@d.vn", "bad_address"),
        ("HOMTHU_MODE", "closed", "unknown_mode"),
        ("HOMTHU_BOXES", "/khong/co", "no_folder"),
        ("HOMTHU_QUEUE", "https://x", "bad_queue"),
        ("HOMTHU_QUEUE", "tasks://gop-y/asia-southeast1/homthu-report", "bad_queue"),
        ("HOMTHU_QUEUE", "tasks://gop-y/Singapore/q?account=a@b.vn", "bad_queue"),
        ("HOMTHU_QUEUE", "tasks://gop-y/asia-southeast1/q?account=a@b.vn&x=1", "bad_queue"),
    ],
)
def test_a_wrong_setting_is_named(variable: str, value: str, code: str) -> None:
    assert codes(**{variable: value}) == {(variable, code)}


def test_a_domain_in_vietnamese_letters_is_told_as_it_is_registered() -> None:
    with pytest.raises(BadSettings) as raised:
        read_settings({**GOOD, "HOMTHU_BASE_URL": "https://góp-ý.vn"}, frozenset(GOOD))
    [problem] = raised.value.problems
    assert problem.data == {"host": "xn--gp--gna6c.vn"}
    read_settings({**GOOD, "HOMTHU_BASE_URL": "https://xn--gp--gna6c.vn"}, frozenset(GOOD))


@pytest.mark.parametrize(
    "origin", ["https://gopy.vn", "https://GOPY.vn:8443", "https://xn--gp--gna6c.vn", "https://10.0.0.3"]
)
def test_every_origin_that_passes_can_stand_in_a_mail(origin: str) -> None:
    base_url = read_settings({**GOOD, "HOMTHU_BASE_URL": origin}, frozenset(GOOD)).base_url
    host = urlsplit(base_url).hostname
    assert base_url == origin.lower()
    longest = f"<00001.2026-W48.correction.12.2026.1234.{'a' * 16}@{host}>"
    assert longest.encode() in address(b"", recipient_name="", recipient="a@b.vn", message_id=longest)


def test_a_queue_is_read_and_may_be_left_out() -> None:
    address = "tasks://gop-y/asia-southeast1/homthu-report?account=homthu@gop-y.iam.gserviceaccount.com"
    assert read_settings({**GOOD, "HOMTHU_QUEUE": address}, frozenset()).queue == CloudTasksSetting(
        project="gop-y",
        region="asia-southeast1",
        queue="homthu-report",
        account="homthu@gop-y.iam.gserviceaccount.com",
    )
    assert read_settings(GOOD, frozenset()).queue is None


def test_a_database_may_be_one_that_must_exist() -> None:
    settings = read_settings({**GOOD, "HOMTHU_STORE": "sqlite:///srv/x.db?mode=rw"}, frozenset())
    assert settings.store == SqliteStoreSetting(path=Path("/srv/x.db"), must_exist=True)


def test_a_path_is_decoded_byte_by_byte() -> None:
    settings = read_settings({**GOOD, "HOMTHU_STORE": "sqlite:///h%C3%B2m%20%231%2541%F2.db"}, frozenset())
    assert settings.store == SqliteStoreSetting(path=Path("/hòm #1%41\udcf2.db"))


def test_every_fault_is_told_at_once() -> None:
    assert len(codes(HOMTHU_STORE="x", HOMTHU_MAIL="y", HOMTHU_SENDER="z", HOMTHU_MODE="w")) == 4


def test_what_a_cloud_instance_would_lose_is_refused_there() -> None:
    assert codes(K_SERVICE="submit") == {
        ("HOMTHU_STORE", "sqlite_in_cloud"),
        ("HOMTHU_MAIL", "outbox_in_cloud"),
    }


def test_plain_http_is_for_this_machine_and_its_network() -> None:
    for origin in ("http://127.0.0.1:8080", "http://192.168.1.7:8080", "http://localhost:8080"):
        assert read_settings({**GOOD, "HOMTHU_BASE_URL": origin}, frozenset()).base_url == origin


def test_a_password_does_not_show_itself() -> None:
    setting = SmtpMailSetting(host="h", port=587, username="u", password="mat-khau")
    assert "mat-khau" not in repr(setting)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_code_has_a_sentence_and_every_sentence_a_code(language: str) -> None:
    source = "".join(
        (Path(__file__).parents[2] / "functions" / "homthu" / name).read_text("utf-8")
        for name in ("config.py", "bootstrap/start.py", "adapters/secret_file.py")
    )
    for key in load_texts(language).keys:
        if key.startswith("setting."):
            code = key.removeprefix("setting.").removeprefix("secret_")
            assert f'"{code}"' in source or code == "heading", key
