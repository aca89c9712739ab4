"""The form in w3m: no script, no style, no cookie; from the form over the review to the receipt."""

import gzip
import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlencode

from citizen_side import KEY, Site, fields_of
from homthu.domain.submissions.submission import Flag
from live import FORM, serving
from machine import require

QUESTIONS = {"q-thai_do": "5", "q-huong_dan": "4", "q-trach_nhiem": "4", "q-thoi_han": "dung", "q-chung": "5"}


def w3m(url: str, folder: Path, *, post: str = "") -> tuple[str, str]:
    """A page as w3m shows it and as it came, after posting this body if there is one."""
    require("w3m")
    options = ["-cols", "80", "-no-cookie"]
    if post:
        (folder / "body").write_text(post)
        options += ["-post", str(folder / "body")]
    said = []
    for kind in ("-dump", "-dump_source"):
        done = subprocess.run(
            ["w3m", *options, kind, url],
            capture_output=True,
            check=True,
            env={**os.environ, "HOME": str(folder), "LANG": "C.UTF-8"},
            timeout=60,
        )
        # Its source comes as it travelled.
        packed = done.stdout.startswith(b"\x1f\x8b")
        said.append((gzip.decompress(done.stdout) if packed else done.stdout).decode())
    return said[0], said[1]


def test_the_form_is_sent_from_a_text_browser_without_cookies(tmp_path: Path) -> None:
    with serving(Site()) as live:
        shown, source = w3m(live.url + FORM, tmp_path)
        assert "HÒM THƯ GÓP Ý ĐIỆN TỬ" in shown
        assert "Không cần đăng nhập" in shown
        assert shown.count("( )") == len(re.findall(r'type="radio"', source))
        fields = {**fields_of(source), **QUESTIONS, "gop_y": "Từ w3m"}
        assert fields["key"] == ""
        review, source = w3m(live.url + "/gui", tmp_path, post=urlencode(fields))
        assert "Xem lại trước khi gửi" in review
        live.parts.now = live.parts.now.replace(minute=5)
        receipt, _ = w3m(live.url + "/gui", tmp_path, post=urlencode(fields_of(source)))
        assert "Đã ghi nhận ý kiến" in receipt
        assert re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", receipt)
        # Both ways of showing a page post it, and yet it is stored once.
        (stored,) = live.parts.stored()
        assert stored.submission.text == "Từ w3m"
        assert Flag.NO_STAMP not in stored.submission.flags
        assert KEY not in receipt
