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
_NEEDED = ("sender", "alert_email", "mail")
_FOR_EXAMPLES = "example.org"


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What the file says; `problems` holds everything in it that cannot be used."""

    values: dict[str, Any]
    problems: list[str]

    @property
    def name(self) -> str:
        """The prefix of everything."""
        return str(self.values.get("name", "homthu"))

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
    """Read the file, whose path is seen from the root, and hold it against infra/'s variables."""
    if not (root / path).exists():
        example = path.with_name("example.toml")
        return Deployment(
            values={},
            problems=[f"chưa có {path}: cp {example} {path} rồi điền vào / copy the example and fill it in"],
        )
    values, notes = read_toml(root / path, str(path))
    if not isinstance(values, dict):
        texts = load_texts("vi", "problems")
        return Deployment(values={}, problems=[describe(problem, texts) for problem in notes.problems])
    declared = (root / "infra" / "variables.tf").read_text("utf-8")
    known = set(re.findall(r'^variable "(\w+)"', declared, re.M)) - _OURS
    problems = [f"{path}: không có khóa «{key}»{_meant(key, known)}" for key in values if key not in known]
    problems += [f"{path}: thiếu «{key}» / is missing" for key in _NEEDED if key not in values]
    problems += [
        f"{path}: {key} còn là địa chỉ mẫu {value} / is still the example's"
        for key, value in values.items()
        if key in known and isinstance(value, str) and value.endswith(_FOR_EXAMPLES)
    ]
    return Deployment(values=values, problems=problems)


def _meant(key: str, known: set[str]) -> str:
    near = difflib.get_close_matches(key, known, 1)
    return f", có phải «{near[0]}»? / did you mean {near[0]}?" if near else " / no such key"
