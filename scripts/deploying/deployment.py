"""The file that says how one project is deployed: infra/deployments/PROJECT.toml."""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from homthu.adapters.box_files.toml_file import read_toml
from homthu.adapters.web_files import load_texts
from homthu.render.problems import describe

#: Variables of infra/ that this program fills in itself.
_OURS = {"project_id", "archive", "secret_versions"}
#: Keys that only this program reads: which boxes, and whom they may mail.
_NOT_TERRAFORMS = {"boxes", "mail_only_to"}
BOXES_FOLDER = "functions/boxes"
_NEEDED = ("sender", "alert_email", "mail")
_FOR_EXAMPLES = "example.org"


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What the file says; `problems` holds everything in it that cannot be used."""

    path: Path
    values: dict[str, Any]
    problems: list[str]

    @property
    def variables(self) -> dict[str, Any]:
        """The variables for infra/."""
        return {key: value for key, value in self.values.items() if key not in _NOT_TERRAFORMS}

    @property
    def boxes(self) -> str:
        """The folder of its boxes, relative to the root; the project's own where the
        file has no valid path.
        """
        found = self.values.get("boxes", BOXES_FOLDER)
        return found if _is_path(found) else BOXES_FOLDER

    @property
    def mail_only_to(self) -> tuple[str, ...]:
        """Whom it may mail, addresses and domains that begin with @; empty means everybody in its boxes."""
        found = self.values.get("mail_only_to", [])
        return tuple(str(one) for one in found) if isinstance(found, list) else ()

    @property
    def name(self) -> str:
        """The prefix of everything."""
        return str(self.values.get("name", "homthu"))

    @property
    def wards_at_once(self) -> int:
        """How many wards' reports are made at once; above 1 by a queue."""
        found = self.values.get("wards_at_once", 1)
        return found if isinstance(found, int) else 1

    @property
    def region(self) -> str:
        """Where everything is."""
        return str(self.values.get("region", "asia-southeast1"))

    @property
    def sends_by_smtp(self) -> bool:
        """Whether mail leaves by an SMTP server, whose password is a secret."""
        mail = self.values.get("mail")
        return isinstance(mail, dict) and mail.get("way") == "smtp"


def read_deployment(root: Path, path: Path) -> Deployment:
    """Read the file, whose path is relative to the root, and check it against the variables of infra/."""
    if not (root / path).exists():
        example = path.with_name("example.toml")
        return Deployment(
            path=path,
            values={},
            problems=[f"chưa có {path}: cp {example} {path} rồi điền vào / copy the example and fill it in"],
        )
    values, notes = read_toml(root / path, str(path))
    if not isinstance(values, dict):
        texts = load_texts("vi", "problems")
        return Deployment(
            path=path, values={}, problems=[describe(problem, texts) for problem in notes.problems]
        )
    declared = (root / "infra" / "variables.tf").read_text("utf-8")
    known = set(re.findall(r'^variable "(\w+)"', declared, re.M)) - _OURS | _NOT_TERRAFORMS
    problems = [f"{path}: không có khóa «{key}»{_meant(key, known)}" for key in values if key not in known]
    problems += [f"{path}: thiếu «{key}» / is missing" for key in _NEEDED if key not in values]
    problems += [
        f"{path}: {key} còn là địa chỉ mẫu {value} / is still the example's"
        for key, value in values.items()
        if key in known and isinstance(value, str) and value.endswith(_FOR_EXAMPLES)
    ]
    problems += _in_tables(path, declared, values, known)
    problems += _about_boxes(root, path, values)
    return Deployment(path=path, values=values, problems=problems)


def _is_path(found: object) -> bool:
    return isinstance(found, str) and re.fullmatch(r"[\w./-]+", found) is not None


def _in_tables(path: Path, declared: str, values: dict[str, Any], known: set[str]) -> list[str]:
    """Keys that end up within a table by mistake: Terraform would silently ignore them.

    A key that belongs before the first table falls into the last one if it stands below.
    """
    problems = []
    for table, one in values.items():
        block = re.search(rf'^variable "{table}" \{{.*?object\(\{{(.*?)^  \}}\)', declared, re.M | re.S)
        if not (block and isinstance(one, dict)):
            continue
        its = set(re.findall(r"^    (\w+)\s*=", block[1], re.M))
        for key in one:
            if key in its:
                continue
            where = f": đặt lên trước dòng [{table}] / move it above [{table}]" if key in known else ""
            meant = where or _meant(key, its)
            problems.append(f"{path}: [{table}] không có khóa «{key}»{meant}")
    return problems


def _about_boxes(root: Path, path: Path, values: dict[str, Any]) -> list[str]:
    problems = []
    folder, allowed = values.get("boxes", BOXES_FOLDER), values.get("mail_only_to", [])
    if "boxes" in values and not (_is_path(folder) and list((root / folder).glob("*.toml"))):
        problems.append(f"{path}: «boxes» = {folder!r}: không có tệp hộp thư nào / no box file there")
    if not isinstance(allowed, list) or any(not isinstance(one, str) or "@" not in one for one in allowed):
        problems.append(f"{path}: «mail_only_to» là danh sách địa chỉ hoặc @tên.miền / a list of addresses")
    return problems


def _meant(key: str, known: set[str]) -> str:
    near = difflib.get_close_matches(key, known, 1)
    return f", có phải «{near[0]}»? / did you mean {near[0]}?" if near else " / no such key"
