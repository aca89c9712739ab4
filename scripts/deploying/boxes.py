"""The boxes that one deployment holds, and whom they mail.

Every deployment mails the recipients of its boxes, even a trial. So a trial has boxes of its own, and a list
of whom it may mail; anything else in them is refused before it is packed.
"""

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

from homthu.adapters.box_files.clips import AUDIO
from homthu.adapters.box_files.files import read_files
from homthu.adapters.box_files.problems import BoxProblems
from homthu.adapters.box_files.questionnaire import QUESTIONNAIRES
from homthu.adapters.box_files.samples import find_samples
from homthu.adapters.box_files.signs import SIGNS
from homthu.adapters.box_files.target import TARGETS
from homthu.adapters.web_files import load_texts
from homthu.bootstrap.start import MOST_WITHOUT_QUEUE
from homthu.domain.boxes.box import Box
from homthu.render.problems import describe

from deploying.deployment import BOXES_FOLDER, Deployment

_EXAMPLE = "example.toml"


def gather_boxes(root: Path, deployment: Deployment, work: Path) -> Path:
    """The deployment's boxes with what lies beside them: the project's where it has none of its own."""
    own = root / deployment.boxes
    if own == root / BOXES_FOLDER or all((own / inner).is_dir() for inner in (QUESTIONNAIRES, SIGNS)):
        return own
    gathered = work / "boxes"
    shutil.rmtree(gathered, ignore_errors=True)
    gathered.mkdir(parents=True)
    for path in sorted(own.glob("*.toml")):
        shutil.copy(path, gathered)
    for inner in (QUESTIONNAIRES, SIGNS, TARGETS):
        source = own / inner if (own / inner).is_dir() else root / BOXES_FOLDER / inner
        shutil.copytree(source, gathered / inner)
    for audio in (own / AUDIO, root / BOXES_FOLDER / AUDIO):
        if audio.is_dir():
            shutil.copytree(audio, gathered / AUDIO)
            break
    return gathered


def box_problems(root: Path, deployment: Deployment, folder: Path) -> Iterator[str]:
    """Everything that is wrong with the boxes themselves, and with whom they would mail."""
    try:
        boxes = read_files(folder)
    except BoxProblems as bad:
        texts = load_texts("vi")
        yield from (describe(problem, texts) for problem in bad.problems)
        return
    if len(boxes.by_ward) > MOST_WITHOUT_QUEUE and deployment.wards_at_once == 1:
        yield (
            f"{len(boxes.by_ward)} phường, xã: hơn {MOST_WITHOUT_QUEUE} thì phải đặt wards_at_once lớn hơn 1 "
            "để mỗi phường là một việc trong hàng đợi / with more wards wards_at_once must be above 1"
        )
    if deployment.mail_only_to:
        for box in boxes.by_ward.values():
            for address in _addresses(box):
                if not _is_allowed(address, deployment.mail_only_to):
                    yield (
                        f"{box.ward.full_name}: {address} không có trong mail_only_to, sẽ không gửi cho "
                        "người này / "
                        "is not in mail_only_to and must not be mailed"
                    )
    else:
        yield from _shared(root, deployment)


def still_samples(folder: Path) -> list[str]:
    """The values of the examples that are still in the box files, and must not be when citizens come."""
    texts = load_texts("vi")
    heading = "thay trước khi dùng thật / replace before real use"
    return [f"{heading}: {describe(sample, texts)}" for sample in find_samples(folder)]


def _addresses(box: Box) -> list[str]:
    return [one.email for one in (*box.recipients, box.operator)]


def _is_allowed(address: str, allowed: tuple[str, ...]) -> bool:
    """An entry is an address, or a domain that begins with @."""
    lowered, folded = address.casefold(), [one.casefold() for one in allowed]
    return lowered in folded or lowered.endswith(tuple(one for one in folded if one.startswith("@")))


def _shared(root: Path, deployment: Deployment) -> Iterator[str]:
    """The other deployments that mail the same people in production."""
    for path in sorted((root / deployment.path).parent.glob("*.toml")):
        if path.name in (_EXAMPLE, deployment.path.name):
            continue
        try:
            other = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            continue  # told when that one is deployed
        if not other.get("mail_only_to") and other.get("boxes", BOXES_FOLDER) == deployment.boxes:
            yield (
                f"{path.name} cũng gửi thư cho những hộp này: người nhận sẽ nhận hai bản. Bản thử cần "
                "«boxes» và "
                "«mail_only_to» riêng / mails the same recipients: a trial needs `boxes` and `mail_only_to`"
            )
