"""What a deployment tells the province about its boxes, below `/.well-known/`.

`hom-thu-gop-y.json` is the register of a deployment of one ward. In a deployment of several it is their
index, and each ward has a register of its own: `hom-thu-gop-y/07210.json`. So nobody loads 15 MB to learn of
one ward.

Public by nature: it holds what the posters say, and neither recipients nor counts; and the printed digest of
a ward's newest report, which covers all before it. `scripts/check-register` reads many of these. A change
that breaks a reader raises the schema; new keys may come at any time.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from homthu.domain.boxes.box import Box
from homthu.domain.boxes.round import rounds_around

#: Its address; the prefix is RFC 8615's.
PATH = "/.well-known/hom-thu-gop-y.json"
_WARD_FOLDER, _WARD_SUFFIX = "/.well-known/hom-thu-gop-y/", ".json"
#: Of a register, which has `boxes`, and of an index, which has `wards`.
SCHEMA, INDEX_SCHEMA = 1, 2
SERVICE = "hom-thu-gop-y"
#: The signature of all of it (`scripts/sign-register`): its address, and its name beside the box files.
SIGNATURE_PATH = f"{_WARD_FOLDER}chu-ky{_WARD_SUFFIX}"
SIGNATURE_FILE = "register-signature.json"


def ward_path(code: str) -> str:
    """The address of the register of one ward, in any deployment."""
    return f"{_WARD_FOLDER}{code}{_WARD_SUFFIX}"


def ward_in(path: str) -> str:
    """The ward whose register would be at this path, or None."""
    if not (path.startswith(_WARD_FOLDER) and path.endswith(_WARD_SUFFIX)):
        return ""
    return path.removeprefix(_WARD_FOLDER).removesuffix(_WARD_SUFFIX)


def render_index(wards: Iterable[str], base_url: str) -> bytes:
    """The index of a deployment: the codes of its wards."""
    return _written({**_envelope(INDEX_SCHEMA, base_url), "wards": list(wards)})


def render_register(
    boxes: Iterable[Box], base_url: str, day: date, last_report: Mapping[str, str] | None = None
) -> bytes:
    """The register of these boxes, with the rounds from the year before this day to the year after; and the
    number and digest of the one ward's newest report, if they are known."""
    # Outside the box, which is signed once: this changes weekly.
    told = {"last_report": last_report} if last_report else {}
    listed = [_box(box, base_url, day) for box in boxes]
    return _written({**_envelope(SCHEMA, base_url), **told, "boxes": listed})


def _envelope(schema: int, base_url: str) -> dict[str, Any]:
    return {"schema": schema, "service": SERVICE, "url": base_url}


def _written(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _box(box: Box, base_url: str, day: date) -> dict[str, Any]:
    ward, contact = box.ward, box.contact
    return {
        "ward": {
            "code": ward.code,
            "kind": ward.kind,
            "name": ward.name,
            "province": ward.province,
            "authority": ward.authority,
            "former_names": list(ward.former_names),
        },
        "contact": {
            "reception": contact.reception,
            "reception_hours": contact.reception_hours,
            "phone": contact.phone,
        },
        "results_data": f"{base_url}/ket-qua/{ward.code}.json",
        "report_digests": f"{base_url}/ket-qua/{ward.code}/chuoi.txt",
        "questionnaire": box.questionnaire.version,
        "between_rounds": str(box.between_rounds),
        "rounds": [
            {
                "id": round_.id,
                "name": round_.name,
                "opens_on": round_.opens_on.isoformat(),
                "closes_on": round_.closes_on.isoformat(),
            }
            for round_ in rounds_around(box.rounds, day)
        ],
        "places": [
            {
                "code": place.code,
                "name": place.name,
                "former_ward": place.former_ward,
                "kind": str(place.kind),
                "url": f"{base_url}/g/{place.code}",
            }
            for place in box.places
        ],
    }
