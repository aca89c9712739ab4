"""Which boxes a deployment holds, and whom they may mail: a trial never mails real people."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from deploying.archive import make_archive
from deploying.boxes import box_problems, gather_boxes
from deploying.deployment import read_deployment
from dev.benching.wards import ward_files
from homthu.adapters.box_files import load_boxes
from homthu.bootstrap.start import MOST_WITHOUT_QUEUE
from homthu.domain.boxes.clip import clip_stem

ROOT = Path(__file__).parents[3]
REST = 'sender = "a@b.vn"\nalert_email = "a@b.vn"\nmail = { way = "ses" }\n'
TRIAL = 'boxes = "infra/deployments/trial"\nmail_only_to = ["thu@thu.vn", "@trial.vn"]\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what is deployed, with a trial's box whose recipients are all the trial's."""
    for name in ("functions", "web"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    (tmp_path / "infra" / "deployments" / "trial").mkdir(parents=True)
    shutil.copy(ROOT / "infra" / "variables.tf", tmp_path / "infra")
    box = (ROOT / "functions" / "boxes" / "bac-giang.toml").read_text("utf-8")
    (tmp_path / "infra" / "deployments" / "trial" / "thu.toml").write_text(
        box.replace("example.org", "trial.vn"), "utf-8"
    )
    return tmp_path


@pytest.fixture
def problems(project: Path) -> Callable[[str], list[str]]:
    """Everything that is wrong with a deployment of this file, by the name a.toml."""

    def found(text: str) -> list[str]:
        path = Path("infra", "deployments", "a.toml")
        (project / path).write_text(text + REST)
        deployment = read_deployment(project, path)
        if deployment.problems:
            return deployment.problems
        folder = gather_boxes(project, deployment, project / "work")
        return list(box_problems(project, deployment, folder))

    return found


def test_a_trial_with_boxes_of_its_own_is_right(problems: Callable[[str], list[str]]) -> None:
    assert problems(TRIAL) == []


def test_a_trial_that_would_mail_a_real_person_is_refused_with_every_address(
    project: Path, problems: Callable[[str], list[str]]
) -> None:
    path = project / "infra" / "deployments" / "trial" / "thu.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("@trial.vn", "@phuong.gov.vn", 2), "utf-8")
    found = problems(TRIAL)
    assert len(found) == 2
    assert all("@phuong.gov.vn không có trong mail_only_to" in one for one in found)
    assert problems('boxes = "infra/deployments/trial"\nmail_only_to = ["trial.vn"]\n') != []


def test_a_domain_that_only_ends_alike_is_another(
    project: Path, problems: Callable[[str], list[str]]
) -> None:
    path = project / "infra" / "deployments" / "trial" / "thu.toml"
    path.write_text(path.read_text("utf-8").replace("@trial.vn", "@not-trial.vn"), "utf-8")
    assert problems(TRIAL) != []


def test_two_deployments_that_mail_the_same_boxes_in_earnest_are_refused(
    project: Path, problems: Callable[[str], list[str]]
) -> None:
    assert problems("") == []
    (project / "infra" / "deployments" / "b.toml").write_text(REST)
    (one,) = problems("")
    assert "b.toml cũng gửi thư cho những hộp này" in one
    (project / "infra" / "deployments" / "b.toml").write_text(TRIAL + REST)
    assert problems("") == []


@pytest.mark.parametrize(
    "text",
    [
        'boxes = "infra/nowhere"\n',
        "boxes = 3\n",
        'boxes = "a\\u0000b"\n',
        'mail_only_to = "me@trial.vn"\n',
        'mail_only_to = ["trial.vn"]\n',
        "mail_only_to = [3]\n",
    ],
)
def test_a_key_that_says_nothing_is_refused_by_its_name(
    problems: Callable[[str], list[str]], text: str
) -> None:
    (one,) = problems(text)
    assert f"«{text.split()[0]}»" in one


def test_the_archive_holds_the_trials_boxes_and_no_other_address(project: Path) -> None:
    path = Path("infra", "deployments", "a.toml")
    (project / path).write_text(TRIAL + REST)
    folder = gather_boxes(project, read_deployment(project, path), project / "work")
    make_archive(project, project / "trial.zip", folder)
    with zipfile.ZipFile(project / "trial.zip") as archive:
        boxes = [name for name in archive.namelist() if name.startswith("functions/boxes/")]
        archive.extractall(project / "unpacked")
    packed = load_boxes(project / "unpacked" / "functions" / "boxes")
    (box,) = packed.by_ward.values()
    assert {one.email.partition("@")[2] for one in (*box.recipients, box.operator)} == {"trial.vn"}
    assert set(packed.questionnaires) == {"qcdc-v1", "qcdc-v2"}
    assert not [name for name in boxes if name.endswith(".toml") or "07207" in name]


@pytest.mark.parametrize("owner", ["functions/boxes", "infra/deployments/trial"])
def test_the_archive_carries_the_recordings(project: Path, owner: str) -> None:
    questionnaire = load_boxes(project / "functions" / "boxes").questionnaires["qcdc-v2"]
    folder = project / owner / "audio" / "qcdc-v2"
    folder.mkdir(parents=True)
    name = clip_stem(questionnaire.questions[0], "vi") + ".mp3"
    (folder / name).write_bytes(b"ID3 and what is said")
    path = Path("infra", "deployments", "a.toml")
    (project / path).write_text(TRIAL + REST)
    gathered = gather_boxes(project, read_deployment(project, path), project / "work")
    make_archive(project, project / "trial.zip", gathered)
    with zipfile.ZipFile(project / "trial.zip") as archive:
        archive.extractall(project / "unpacked")
    boxes = load_boxes(project / "unpacked" / "functions" / "boxes")
    assert boxes.questionnaires["qcdc-v2"].clips == {questionnaire.questions[0].id: {"vi": name}}


def test_many_wards_without_a_queue_are_refused_before_anything_is_built(
    project: Path, problems: Callable[[str], list[str]]
) -> None:
    for name, text in ward_files(MOST_WITHOUT_QUEUE):
        (project / "infra" / "deployments" / "trial" / name).write_text(
            text.replace("example.org", "trial.vn")
        )
    (one,) = problems(TRIAL)
    assert "wards_at_once" in one
    assert problems(TRIAL + "wards_at_once = 5\n") == []
