"""Saves a draft as a ward's file, or reports everything that prevents it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from homthu.adapters.whole_file import replace_whole
from homthu.render.texts import Texts

from setting_up.aside import name_aside
from setting_up.checking import Fault, faults_together, questions_path, questions_text, taken_down
from setting_up.differences import Difference, differences
from setting_up.toml_text import write_toml
from setting_up.workplace import Draft, Workplace


@dataclass(frozen=True, kw_only=True, slots=True)
class Saving:
    """What a save would do: the faults, the differences, and the file that these were computed from."""

    faults: Sequence[Fault]
    differences: Sequence[Difference]
    #: The text of the file when this was computed; empty if there is none.
    seen: str


def look_at(draft: Draft, place: Workplace, texts: Texts) -> Saving:
    """Compute what a save would do; nothing is written."""
    is_there = draft.file in place.files()
    before, _ = place.read(draft.file) if is_there else (None, ())
    return Saving(
        faults=[*faults_together(draft, place, texts), *taken_down(draft, place, texts)],
        differences=differences(before or {}, draft.table, texts) if is_there else [],
        seen=place.text(draft) if is_there else "",
    )


def save(draft: Draft, saving: Saving, place: Workplace) -> Draft:
    """Write the file; an unreadable one in its place is kept beside it. May raise `OSError`."""
    place.furnish()
    path = place.boxes / draft.file
    if saving.seen and place.read(draft.file)[0] is None:
        replace_whole(name_aside(path), path.read_bytes())
    if draft.asked:
        replace_whole(place.boxes / questions_path(draft.asked), questions_text(draft.asked, place).encode())
    replace_whole(path, write_toml(draft.table, place.text(draft)).encode())
    saved = replace(draft, is_new=False, asked=None)
    place.keep_draft(saved)
    return saved
