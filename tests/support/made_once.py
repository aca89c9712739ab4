"""What is dear to make and never differs, made once in each process of tests."""

import copy
import functools
import tomllib
from typing import Any

import pytest
from homthu.domain.submissions import inclusion


def remember(patch: pytest.MonkeyPatch) -> None:
    """Stretch each seed once, for most tests hand in the same forms; and read each TOML text once."""
    patch.setattr(inclusion, "_stretched", functools.cache(inclusion._stretched))
    read = functools.cache(tomllib.loads)

    def loads(text: str, /, **options: Any) -> dict[str, Any]:
        # Whoever asks may write into what they get.
        return copy.deepcopy(read(text, **options))

    patch.setattr(tomllib, "loads", loads)
