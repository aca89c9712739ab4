"""Finds and reads TOML files."""

from pathlib import Path

from homthu.adapters.box_files.problems import Notes


def read_toml(path: Path, file: str) -> tuple[object, Notes]:
    """The parsed table, or None when it cannot be parsed, and the notes that belong to it.

    `file` is how the problems name the file. A byte order mark, as Windows' Notepad may write it, is skipped.
    """
    # Imported on use: a start from an archive parses nothing.
    import tomllib

    notes = Notes(file)
    try:
        data = path.read_bytes()
    except OSError as error:
        notes.add_at_line(0, "unreadable", reason=error.strerror or type(error).__name__)
        return None, notes
    try:
        source = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        notes.add_at_line(data[: error.start].count(b"\n") + 1, "not_utf8")
        return None, notes
    try:
        return tomllib.loads(source), Notes(file, source)
    except RecursionError:
        notes.add_at_line(1, "bad_syntax", detail="nested too deeply")
    except ValueError:
        # Imported on use: only a file that cannot be parsed needs it.
        from homthu.adapters.box_files.syntax_errors import note_syntax_errors

        note_syntax_errors(notes, source)
    return None, notes


def toml_files(folder: Path) -> list[Path]:
    """Sorted by name, without those that an editor hides beside the real ones."""
    return sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))
