"""One zip of a ward: its box file, questions, signs, targets, emblem and what was printed; made, taken in.

A zip comes from anywhere: nothing of it is believed. Names are those that we give, sizes are counted as
they are read, and what it holds is checked among this machine's own files before any of it is kept.
"""

import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from homthu.adapters.box_files import BoxProblems, load_boxes
from homthu.adapters.box_files.questionnaire import QUESTIONNAIRES
from homthu.adapters.box_files.recorded import FILE_NAME, read_recorded, record_versions
from homthu.adapters.box_files.signs import SIGNS
from homthu.adapters.box_files.target import TARGETS
from homthu.adapters.whole_file import make_folder, replace_whole
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.render.problems import describe
from homthu.render.texts import Texts
from posters.emblem import BadEmblem, read_emblem
from posters.printed import PRINTED, note_codes

from setting_up.emblem_page import is_active
from setting_up.errands import Failed
from setting_up.typed import value_at
from setting_up.undoing import undone_if_it_fails
from setting_up.workplace import Draft, Workplace

MOST_FILES, MOST_BYTES = 60, 5_000_000
#: Codes of places that were printed: many times those of the largest commune.
MOST_PRINTED = 2_000
_STEM = r"[a-z0-9][a-z0-9-]{0,60}"
_WARD = re.compile(rf"{_STEM}\.toml")
_ASKED = re.compile(rf"{QUESTIONNAIRES}/{_STEM}\.toml")
_SIGNED = re.compile(rf"{SIGNS}/{_STEM}\.toml")
_INTO = re.compile(rf"{TARGETS}/{_STEM}\.toml")
_EMBLEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}\.(?:svg|png)")
_RECORD = f"{QUESTIONNAIRES}/{FILE_NAME}"
#: The earliest time that a zip can hold: the same files make the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


def pack(place: Workplace, file: str) -> bytes:
    """The zip of a saved ward. May raise `OSError`."""
    names = [file, _RECORD, PRINTED]
    for inner in (QUESTIONNAIRES, SIGNS, TARGETS):
        names += [f"{inner}/{path.name}" for path in sorted((place.boxes / inner).glob("*.toml"))]
    table, _ = place.read(file)
    if table and (emblem := value_at(table, "ward.emblem")):
        names.append(str(emblem))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(names):
            path = place.boxes / name
            if path.is_file():
                entry = zipfile.ZipInfo(name, _TIME)
                entry.external_attr = 0o100644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return packed.getvalue()


def read_zip(content: bytes, texts: Texts) -> dict[str, bytes]:
    """The files of a zip by their names; raise `Failed` if it is none of ours."""
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES:
                raise Failed([texts("setup.zip.too_large")])
            for entry in entries:
                if not _is_known(entry.filename) or entry.filename in files:
                    raise Failed([texts("setup.zip.stranger", name=_shown(entry.filename))])
                with archive.open(entry) as opened:
                    # The sizes declared in a zip prove nothing.
                    files[entry.filename] = opened.read(left + 1)
                left -= len(files[entry.filename])
                if left < 0:
                    raise Failed([texts("setup.zip.too_large")])
    except (
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
        ValueError,
        OSError,
        EOFError,
    ) as bad:
        raise Failed([texts("setup.zip.unreadable")]) from bad
    if sum(_WARD.fullmatch(name) is not None for name in files) != 1:
        raise Failed([texts("setup.zip.no_ward")])
    return files


def _is_known(name: str) -> bool:
    patterns = (_WARD, _ASKED, _SIGNED, _INTO, _EMBLEM)
    return name in (_RECORD, PRINTED) or any(pattern.fullmatch(name) for pattern in patterns)


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)[:80]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Judged:
    """What is to be written, once all of it was found valid."""

    draft: Draft
    fresh: Mapping[str, bytes]
    published: Mapping[str, Questionnaire]
    printed: Mapping[str, str]


def take_in(files: Mapping[str, bytes], place: Workplace, texts: Texts) -> Draft:
    """Lay questions, signs and emblem beside ours, and make a draft of the ward's file, not saved yet.

    Nothing of ours is overwritten: what differs under the same name is refused. Raise `Failed`, or
    `OSError` where the disk refuses; nothing of the zip stays then.
    """
    try:
        judged = _judge(files, place, texts)
    except RecursionError as bad:
        raise Failed([texts("setup.zip.too_deep")]) from bad
    place.furnish()
    written = [place.boxes / name for name in (*judged.fresh, _RECORD, PRINTED)]
    with undone_if_it_fails([*written, place.draft_file]):
        _lay(judged.fresh, place.boxes)
        record_versions(place.boxes, judged.published)
        if judged.printed:
            note_codes(place.boxes, judged.printed)
        place.keep_draft(judged.draft)
    return judged.draft


def _judge(files: Mapping[str, bytes], place: Workplace, texts: Texts) -> _Judged:
    """Read everything that the zip holds, among copies of this machine's files. Raise `Failed`."""
    ward = next(name for name in files if _WARD.fullmatch(name))
    beside = {name: content for name, content in files.items() if name not in (ward, _RECORD, PRINTED)}
    # The program's own signs and targets grow with its versions: those of this machine stay.
    fresh = {name: content for name, content in beside.items() if not (place.boxes / name).exists()}
    if differing := [
        name
        for name, content in beside.items()
        if name not in fresh
        and not name.startswith(f"{SIGNS}/")
        and not (_INTO.fullmatch(name) and (place.shipped / name).exists())
        and (place.boxes / name).read_bytes() != content
    ]:
        raise Failed([texts("setup.zip.differs", name=name) for name in differing])
    recorded = _recorded_in(files.get(_RECORD, b""), texts)
    printed = _printed_in(files.get(PRINTED, b""), texts)
    with TemporaryDirectory(prefix="hom-thu-") as folder:
        trial = place.copy_boxes(Path(folder))
        _lay({**fresh, ward: files[ward]}, trial)
        _look_at_emblem(files, trial, texts)
        try:
            boxes = load_boxes(trial)
        except BoxProblems as found:
            raise Failed([describe(problem, texts) for problem in found.problems]) from found
        trial_place = Workplace(data=trial.parent, shipped=place.shipped)
        table, _ = trial_place.read(ward)
        assert table is not None
        text = files[ward].decode("utf-8-sig").replace("\r\n", "\n")
        draft = Draft(file=ward, table=table, is_new=ward not in place.files(), base=text)
        # One that cannot be written is found out here, too.
        trial_place.keep_draft(draft)
    published = {name: one for name, one in boxes.questionnaires.items() if name in recorded}
    return _Judged(draft=draft, fresh=fresh, published=published, printed=printed)


def _lay(files: Mapping[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        make_folder((folder / name).parent)
        replace_whole(folder / name, content)


def _look_at_emblem(files: Mapping[str, bytes], folder: Path, texts: Texts) -> None:
    for name, content in files.items():
        if not _EMBLEM.fullmatch(name):
            continue
        if name.endswith(".svg") and is_active(content):
            raise Failed([texts("setup.emblem.active")])
        try:
            read_emblem(folder, name)
        except BadEmblem:
            raise Failed([texts("setup.emblem.wrong")]) from None


def _recorded_in(content: bytes, texts: Texts) -> frozenset[str]:
    """The versions that were published according to the zip."""
    if not content:
        return frozenset()
    with TemporaryDirectory(prefix="hom-thu-") as folder:
        path = Path(folder) / FILE_NAME
        path.write_bytes(content)
        recorded, notes = read_recorded(path, FILE_NAME)
    if notes.problems:
        raise Failed([describe(problem, texts) for problem in notes.problems])
    return frozenset(recorded)


def _printed_in(content: bytes, texts: Texts) -> dict[str, str]:
    """The codes that hang on walls according to the zip, each with its day."""
    try:
        found = json.loads(content or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict) or len(found) > MOST_PRINTED:
        raise Failed([texts("setup.zip.bad_printed")])
    for code, day in found.items():
        if not isinstance(day, str) or not (_fits(code, 20) and _fits(day, 10)):
            raise Failed([texts("setup.zip.bad_printed")])
    return found


def _fits(text: str, most: int) -> bool:
    return 0 < len(text) <= most and text.isprintable()
