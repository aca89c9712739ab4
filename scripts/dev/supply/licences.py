"""The licences that packages declare."""

import re
from importlib.metadata import metadata

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.license import License, LicenseExpression
from cyclonedx.spdx import fixup_id

#: Names that packages give, by the identifier that SPDX has for the same licence. «BSD License» alone is
#: not among them: it does not say which.
_MEANT = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_CLASSIFIER = re.compile(r"License :: (?:OSI Approved :: )?(.+)")


def licences_of(package: str) -> list[License]:
    """One expression, or one licence or more, as the installed package declares them."""
    about, make = metadata(package), LicenseFactory()
    for expression in about.get_all("License-Expression") or ():
        return [make.make_from_string(expression)]
    field = "".join(about.get_all("License") or ()).partition("\n")[0].strip()
    if identifier := _identifier(field):
        return [make.make_with_id(identifier)]
    found = [_CLASSIFIER.fullmatch(line) for line in about.get_all("Classifier") or []]
    names = {_identifier(match[1]) or match[1] for match in found if match} or {field}
    return [make.make_from_string(name) for name in sorted(names) if name]


def words_of(licences: list[License]) -> str:
    """The licences for a person to read."""
    return " / ".join(
        one.value if isinstance(one, LicenseExpression) else one.id or one.name or "" for one in licences
    )


def _identifier(name: str) -> str | None:
    return fixup_id(_MEANT.get(name, name))
