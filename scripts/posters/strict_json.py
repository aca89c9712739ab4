"""JSON from elsewhere, with every text in it certain to be writable."""

import json
from typing import Any


def read_json(content: bytes | str) -> Any:
    """The document. Raise `ValueError` or `RecursionError` if it is none, or a text has half a character.

    JSON may spell a surrogate without its other half; no file, no mail and no terminal takes that.
    """
    document = json.loads(content)
    json.dumps(document, ensure_ascii=False).encode()
    return document
