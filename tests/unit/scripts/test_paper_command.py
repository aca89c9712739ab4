"""`scripts/paper-code`: a code that a slip can be typed in with, shown once, listed without it, withdrawn."""

import re
from pathlib import Path

from served_box import served, whole_form
from shell import run, succeed

WARD = "07207"


def test_a_code_is_made_vouches_and_is_withdrawn(tmp_path: Path) -> None:
    with served(tmp_path) as box:
        data = ("--data", str(box.data))
        made = succeed("paper-code", "--ward", WARD, "--slips", "50", "--label", "Nhà văn hóa Sỏi", *data)
        assert re.fullmatch(r"(\d{4}-){3}\d{4}\n", made)
        code = made.strip()
        slip = {**whole_form("a" * 32), "kenh": "giay", "lo": code, "tem": ""}
        box.reference(box.send(slip))
        listed = succeed("paper-code", "--ward", WARD, "--list", *data)
        mark, _, rest = listed.partition(" ")
        assert "Nhà văn hóa Sỏi" in rest
        assert code not in listed
        succeed("paper-code", "--ward", WARD, "--revoke", mark, *data)
        assert "đã thu hồi" in succeed("paper-code", "--ward", WARD, "--list", *data)
        box.reference(box.send({**slip, "key": "b" * 32}))
        flags = [row["flags"] for row in box.exported()]
    assert sorted("unvouched" in one for one in flags) == [False, True]


def test_what_is_no_number_and_no_batch_is_said(tmp_path: Path) -> None:
    with served(tmp_path) as box:
        data = ("--data", str(box.data))
        for slips in ("0", "-1", "2001", "năm"):
            assert run("paper-code", "--ward", WARD, "--slips", slips, *data).returncode == 2
        lost = run("paper-code", "--ward", WARD, "--revoke", "00000000", *data)
    assert lost.returncode == 1
    assert "không có lô này" in lost.stderr
