"""Compiles a folder of boxes into the index that an archive holds, and checks that it says the same."""

import bz2
import json
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from homthu.adapters.box_files.clips import AUDIO
from homthu.adapters.box_files.files import read_files
from homthu.adapters.box_files.index import (
    COMPILED,
    FORMAT,
    HEAD,
    QUESTIONNAIRES,
    SIGNS,
    TARGETS,
    WARDS,
    bucket_of,
    digest_of,
    open_index,
    ward_file,
)
from homthu.adapters.box_files.questionnaire import QUESTIONNAIRES as ASKED
from homthu.adapters.box_files.target import TARGETS as INTO
from homthu.adapters.box_files.toml_file import read_toml, toml_files
from homthu.domain.boxes.box import Boxes
from homthu.domain.errors import HomThuError


class IndexDiffers(HomThuError):
    """What was compiled does not say what the box files say; `files` are those of the index that do not."""

    def __init__(self, files: Sequence[str]) -> None:
        super().__init__(", ".join(files))
        self.files = tuple(files)


def index_files(folder: Path) -> dict[str, bytes]:
    """Every file of the index by its name, read back and compared; the same bytes for the same files.

    Raise `BoxProblems`, or `IndexDiffers`.
    """
    boxes = read_files(folder)
    files = _compiled(folder, boxes)
    with TemporaryDirectory() as target:
        if (folder / AUDIO).is_dir():
            shutil.copytree(folder / AUDIO, Path(target, AUDIO))
        Path(target, COMPILED).mkdir()
        for name, content in files.items():
            Path(target, COMPILED, name).write_bytes(content)
        if found := list(differences(boxes, Path(target))):
            raise IndexDiffers(found)
    return files


def differences(boxes: Boxes, folder: Path) -> Iterator[str]:
    """The files of the index in this folder that differ from these boxes."""
    index = open_index(folder)
    if index is None or (index.wards, index.signs) != (boxes.wards, boxes.signs):
        yield HEAD
        return
    if dict(index.questionnaires) != dict(boxes.questionnaires):
        yield QUESTIONNAIRES
    if dict(index.targets) != dict(boxes.targets):
        yield TARGETS
    for code, box in boxes.by_ward.items():
        if index.by_ward[code] != box or any(index.ward_of(place.code) != code for place in box.places):
            yield ward_file(code)


def _compiled(folder: Path, boxes: Boxes) -> dict[str, bytes]:
    """Wards' files are packed with bzip2: three thousand are then a third, and of it, unlike of zlib, there
    is one implementation with one output."""
    wards = {
        ward_file(code): bz2.compress(_json(read_toml(path, path.name)[0]), 9)
        for code, path in zip(boxes.by_ward, toml_files(folder), strict=True)
    }
    asked = {path.stem: read_toml(path, path.name)[0] for path in toml_files(folder / ASKED)}
    targets = {path.stem: read_toml(path, path.name)[0] for path in toml_files(folder / INTO)}
    rest = {
        WARDS: _json([astuple(ward) for ward in boxes.wards]),
        QUESTIONNAIRES: _json(asked),
        SIGNS: _json(asdict(boxes.signs)),
        TARGETS: _json(targets),
        **_buckets(boxes, wards),
    }
    digests = {name: digest_of(content) for name, content in sorted(rest.items())}
    head = {"format": FORMAT, "questionnaires": list(boxes.questionnaires), "digests": digests}
    return {HEAD: _json(head), **rest, **wards}


def _buckets(boxes: Boxes, wards: dict[str, bytes]) -> dict[str, bytes]:
    buckets: defaultdict[str, dict[str, dict[str, str]]] = defaultdict(lambda: {"places": {}, "wards": {}})
    for code, box in boxes.by_ward.items():
        buckets[bucket_of(code)]["wards"][code] = digest_of(wards[ward_file(code)])
        for place in box.places:
            buckets[bucket_of(place.code)]["places"][place.code] = code
    return {name: _json(bucket) for name, bucket in buckets.items()}


def _json(value: Any) -> bytes:
    """Dates are written as text, which the reader of box files accepts, too."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_day).encode()


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)
