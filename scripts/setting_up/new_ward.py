"""The initial file of a ward: all that follows from its name, and the usual rounds."""

import unicodedata
from collections.abc import Collection
from pathlib import Path
from typing import Any

from setting_up.wards import OfficialWard
from setting_up.workplace import Table, example_table

_ROUNDS = (("01-22", "03-25"), ("04-01", "06-25"), ("07-01", "09-25"), ("10-01", "12-25"))
_LONGEST_CODE = 20
#: What an office leaves to be filled in: the example's are nobody's.
_RECIPIENTS = (
    ("Ban Chỉ đạo QCDC", ["figures", "words"]),
    ("Thường trực Đảng ủy", ["figures", "words", "petitions"]),
    ("Đoàn Thanh niên", ["figures"]),
)


def new_table(shipped: Path, ward: OfficialWard | None) -> Table:
    """The tables of a new file, for a ward of the list or for one to be typed in."""
    example = example_table(shipped)
    full = ward.full_name if ward else ""
    return {
        **{
            key: example[key]
            for key in ("schema", "questionnaire", "target", "between_rounds", "closing_hours")
        },
        "results": "",
        # What does not follow from the name is taken from the example.
        **{key: example[key] for key in ("deadlines", "retention", "answers")},
        "ward": {**_ward(ward), "authority": f"UBND {full}".strip(), "emblem": ""},
        "contact": {
            "reception": f"Bộ phận Tiếp nhận và Trả kết quả, trụ sở UBND {full}".strip(),
            "reception_hours": example["contact"]["reception_hours"],
            "phone": "",
        },
        "plan": {
            "number": "",
            "dated": "",
            "issuer": f"Đảng ủy {full}".strip(),
            "basis": ["Luật Thực hiện dân chủ ở cơ sở"],
        },
        "report": {**example["report"], **_report(ward)},
        "recipients": [
            {"name": f"{name} {ward.kind if ward else ''}".strip(), "email": "", "reads": reads}
            for name, reads in _RECIPIENTS
        ],
        "operator": {"name": "Trực kỹ thuật hòm thư", "email": ""},
        "rounds": [
            {"code": f"dot-{number}", "name": f"Đợt {number}", "opens": opens, "closes": closes}
            for number, (opens, closes) in enumerate(_ROUNDS, 1)
        ],
        "places": [
            {
                "code": f"{initials(ward.name if ward else 'x')}-mc",
                "name": f"Bộ phận Tiếp nhận và Trả kết quả UBND {ward.kind if ward else ''}".strip(),
                "kind": "one_stop",
            }
        ],
    }


def with_ward(table: Table, ward: OfficialWard) -> Table:
    """The same file for another ward of the list: its code, name, province and former names."""
    return {**table, "ward": {**table.get("ward", {}), **_ward(ward)}}


def _ward(ward: OfficialWard | None) -> dict[str, Any]:
    if ward is None:
        return {"code": "", "kind": "phường", "name": "", "province": "", "former_names": []}
    # One that was made of nothing but itself has no former name.
    former = [name for name in ward.former_names if name != ward.full_name or len(ward.former_names) > 1]
    return {
        "code": ward.code,
        "kind": ward.kind,
        "name": ward.name,
        "province": ward.province,
        "former_names": former,
    }


def _report(ward: OfficialWard | None) -> dict[str, Any]:
    full = ward.full_name if ward else ""
    return {
        "superior": f"Đoàn TNCS Hồ Chí Minh {ward.province}" if ward else "",
        "issuer": f"BCH Đoàn {full}".strip(),
        "place_name": ward.name if ward else "",
        "committee": f"Ban Chỉ đạo Quy chế dân chủ {full}".strip(),
    }


def file_name(name: str, code: str, taken: Collection[str]) -> str:
    """A name for the file: without tone marks, with the ward's code where another ward has the name."""
    stem = "-".join(plain(name).split()) or f"xa-{code}"
    return f"{stem}.toml" if f"{stem}.toml" not in taken else f"{stem}-{code}.toml"


def plain(text: str) -> str:
    """Lower-case letters and digits without tone marks, words separated by a blank."""
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    letters = (c if c.isascii() and c.isalnum() else " " for c in parts if not unicodedata.combining(c))
    return " ".join("".join(letters).split())


def initials(text: str) -> str:
    """«Bắc Giang»: `bg`."""
    return "".join(word if word.isdigit() else word[0] for word in plain(text).split()) or "x"


def place_code(ward: str, name: str, kind: str, former: str, taken: Collection[str]) -> str:
    """A short code for a place without one: ward, kind and number, such as `nq-nvh2`."""
    owner = initials(former.partition(" ")[2] or former or ward)[:6]
    words = plain(name).split()
    number = next((word for word in reversed(words) if word.isdigit()), "")
    what = {"one_stop": "mc", "culture_house": f"nvh{number}"}.get(kind, initials(name))
    code = f"{owner}-{what}"[: _LONGEST_CODE - 3]
    if code not in taken and len(code) > 1:
        return code
    return next(f"{code}-{n}" for n in range(2, 400) if f"{code}-{n}" not in taken)
