"""The settings of a box whose secrets all lie in one file: what a test needs that asks for none apart."""

from pathlib import Path

from homthu.config import secret_variable
from homthu.domain.secret import SecretPurpose


def secret_settings(path: Path | str) -> dict[str, str]:
    """Every purpose's variable, with this file."""
    return {secret_variable(purpose): str(path) for purpose in SecretPurpose}
