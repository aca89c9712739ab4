"""Known vulnerabilities of Python itself in what a program that writes mail uses, and the versions that fix
them.

Both let a line break into a mail's headers: CVE-2024-6923 when a header is folded, CVE-2026-1299 when a
message is written as bytes (cvelistV5, and CPython's changelogs). What we do about them: decision 12.
"""

from dataclasses import dataclass

Version = tuple[int, int, int]

#: The first fixed release of each minor version that was vulnerable; later ones never were.
HOLES: dict[str, tuple[Version, ...]] = {
    "CVE-2024-6923": ((3, 10, 15), (3, 11, 10), (3, 12, 5)),
    "CVE-2026-1299": ((3, 10, 20), (3, 11, 15), (3, 12, 13), (3, 13, 12), (3, 14, 3)),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Exposure:
    """The vulnerabilities of a version, and the nearest version that has none of them."""

    version: Version
    holes: tuple[str, ...]
    mended_in: Version


def exposure_of(version: Version) -> Exposure | None:
    """What is open in this version, or None. A distribution's fix without a new number is not seen."""
    sound = {hole: _nearest_sound(version, lines) for hole, lines in HOLES.items()}
    still_open = {hole: mended for hole, mended in sound.items() if version < mended}
    if not still_open:
        return None
    return Exposure(version=version, holes=tuple(still_open), mended_in=max(still_open.values()))


def dotted(version: Version) -> str:
    """3.11.15."""
    return ".".join(map(str, version))


def _nearest_sound(version: Version, lines: tuple[Version, ...]) -> Version:
    """The first fixed release of this minor version or, if it was never fixed, of the next."""
    return min((mended for mended in lines if mended[:2] >= version[:2]), default=version)
