"""The shape of the files that this program reads, which every file names."""

from homthu.adapters.box_files.reader import Reader

SCHEMA = 1


def note_schema(root: Reader) -> None:
    """Note a file that is written for another version of this program."""
    schema = root.whole("schema", low=0, high=1_000_000)
    if root.has("schema") and not root.is_noted("schema") and schema != SCHEMA:
        root.note("schema", "unsupported_schema", value=schema, supported=SCHEMA)
