"""Many deployments read by one province: what one of them serves harms no other."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from commands import check_register
from posters.fetch import Unreachable
from province.memory import Memory
from province.shares import read_results

GOOD, ODD = "https://tot.gov.vn", "https://la.gov.vn"
WARDS = {GOOD: "07210", ODD: "07213"}
CHANGES = {
    "forms without end": ("ket-qua/07213.json", '"forms": 12', '"forms": 1e999'),
    "forms of too many digits": ("ket-qua/07213.json", '"forms": 12', '"forms": ' + "9" * 4000),
    "half a character in open data": ("ket-qua/07213.json", '"name": "A"', '"name": "\\ud800"'),
    "half a character in a place": ("hom-thu-gop-y.json", '"name": "Chợ"', '"name": "\\ud800"'),
    "half a character in a key": ("hom-thu-gop-y.json", '"service"', '"\\udfff": 1, "service"'),
    "half a character in the address": ("hom-thu-gop-y.json", f'"url": "{ODD}"', '"url": "\\ud800"'),
    "a nest for an address": ("hom-thu-gop-y.json", f'"url": "{ODD}"', '"url": ' + "[" * 300 + "]" * 300),
}


def files(url: str) -> dict[str, bytes]:
    """What a deployment of one ward serves."""
    code = WARDS[url]
    ward = {"code": code, "kind": "phường", "name": "A", "province": "tỉnh", "authority": "x"}
    place = {"code": f"a-{code}", "name": "Chợ", "url": f"{url}/g/a-{code}"}
    box = {"ward": ward, "contact": {"phone": "0204"}, "rounds": [], "places": [place]}
    register = {"schema": 1, "service": "hom-thu-gop-y", "url": url, "boxes": [box]}
    results = {"ward": ward, "url": url, "weeks": [{"forms": 12}], "releases": []}
    return {
        f"{url}/.well-known/hom-thu-gop-y.json": json.dumps(register, ensure_ascii=False).encode(),
        f"{url}/ket-qua/{code}.json": json.dumps(results, ensure_ascii=False).encode(),
        f"{url}/ket-qua/{code}/chuoi.txt": b"1/2026 2026-W47 week abcdef01\n",
    }


def run(
    monkeypatch: pytest.MonkeyPatch, path: Path, served: Mapping[str, bytes], fails: Callable[[str], object]
) -> Memory:
    """`check-register` over both; give what it remembers then."""

    def fetch(url: str) -> bytes:
        fails(url)
        if url not in served:
            raise Unreachable("status", "404")
        return served[url]

    names = [f"--{name}={path / file}" for name, file in (("memory", "m"), ("page", "p"), ("out", "o"))]
    monkeypatch.setattr(check_register, "PeerFetch", lambda allowance: fetch)
    monkeypatch.setattr(sys, "argv", ["check-register", ODD, GOOD, "--quick", *names])
    with pytest.raises(SystemExit):
        check_register.main()
    assert (path / "p").is_file()
    assert (path / "o").is_file()
    return Memory.read(path / "m")


@pytest.mark.parametrize("name", CHANGES)
def test_odd_json_of_one_deployment_ends_nobody_s_reading(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    file, old, new = CHANGES[name]
    served = files(GOOD) | files(ODD)
    (at,) = (url for url in served if url.startswith(ODD) and url.endswith(file))
    assert old.encode() in served[at]
    served[at] = served[at].replace(old.encode(), new.encode())
    memory = run(monkeypatch, tmp_path, served, lambda url: None)
    assert memory.wards["07210"].digests == {"2026-1": "abcdef01"}
    capsys.readouterr().out.encode()
    assert "phường A" in (tmp_path / "p").read_text("utf-8")


def test_what_no_check_foresaw_is_a_problem_of_its_source(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(url: str) -> None:
        if url.startswith(ODD):
            raise ZeroDivisionError

    memory = run(monkeypatch, tmp_path, files(GOOD) | files(ODD), fails)
    assert set(memory.wards) == {"07210"}
    assert f"{ODD}: chương trình hỏng khi đọc nơi này (ZeroDivisionError)" in capsys.readouterr().out


@pytest.mark.parametrize("forms", ["1e999", "-1", "1e300", "NaN"])
def test_a_number_of_forms_that_is_none_is_not_repeated(forms: str) -> None:
    document: dict[str, Any] = json.loads(files(GOOD)[f"{GOOD}/ket-qua/07210.json"])
    body = json.dumps(document).replace('"forms": 12', f'"forms": {forms}')
    with pytest.raises(ValueError, match=r"."):
        read_results(body.encode())
