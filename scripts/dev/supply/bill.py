"""The bill of materials: what runs beside our own code, as CycloneDX 1.6 (ECMA-424).

The same lock gives the same bytes: there is no time in it, and its serial number is made from the lock.
"""

from collections import defaultdict
from hashlib import sha256
from importlib.metadata import distribution, version
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dev.supply.licences import licences_of
from dev.supply.lock_file import Pin, read_pins, read_wishes

NAME = "hom-thu-gop-y"
#: What `scripts/lock` makes the locks for, so that the bill is the same wherever it is written.
_LOCKED_FOR = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.11.0",
    "python_version": "3.11",
    "sys_platform": "linux",
}


class NotInstalled(Exception):
    """The environment holds another version than the lock, so that it cannot tell of this one."""


def write_bill(lock: Path, source: Path) -> str:
    """The bill of a lock that was made from a source; its packages must be installed."""
    pins = read_pins(lock)
    if wrong := [pin.name for pin in pins if version(pin.name) != pin.version]:
        raise NotInstalled(", ".join(wrong))
    components = {pin.name: _component(pin) for pin in pins}
    ours = Component(name=NAME, type=ComponentType.APPLICATION, bom_ref=NAME)
    bill = Bom(
        components=components.values(),
        serial_number=uuid5(NAMESPACE_OID, sha256(lock.read_bytes()).hexdigest()),
    )
    bill.metadata.component = ours
    # The library always gives a time; the outputter leaves it out when there is none.
    bill.metadata.timestamp = None  # type: ignore[assignment]
    wishes = list(read_wishes(source))
    bill.register_dependency(ours, [components[canonicalize_name(wish.name)] for wish in wishes])
    for name, needed in _needs(wishes).items():
        bill.register_dependency(components[name], [components[other] for other in sorted(needed)])
    return make_outputter(bill, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2) + "\n"


def _component(pin: Pin) -> Component:
    address = PackageURL("pypi", name=pin.name, version=pin.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(str(address)),
        comment="the files that the lock lets in; one of them is installed",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=hash) for hash in pin.hashes],
    )
    return Component(
        name=pin.name,
        version=pin.version,
        bom_ref=str(address),
        purl=address,
        licenses=licences_of(pin.name),
        external_references=[files],
    )


def _needs(wishes: list[Requirement]) -> dict[str, set[str]]:
    """What each package needs, from what we wish for on; with the extras that are asked of it."""
    needs: dict[str, set[str]] = defaultdict(set)
    asked: set[tuple[str, str]] = set()
    waiting = [(canonicalize_name(wish.name), extra) for wish in wishes for extra in ("", *wish.extras)]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in asked:
            continue
        asked.add((name, extra))
        for line in distribution(name).requires or []:
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate({**_LOCKED_FOR, "extra": extra}):
                other = canonicalize_name(need.name)
                needs[name].add(other)
                waiting += [(other, one) for one in ("", *need.extras)]
    return needs
