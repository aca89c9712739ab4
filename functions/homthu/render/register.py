"""What a deployment tells the province about its boxes: `/.well-known/hom-thu-gop-y.json`.

Public by nature: it holds what the posters say, and neither recipients nor counts. `scripts/check-register`
reads many of these. A change that breaks a reader raises `SCHEMA`; new keys may come at any time.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from homthu.domain.boxes.box import Box
from homthu.domain.boxes.round import rounds_around

#: Where it lies; the prefix is RFC 8615's.
PATH = "/.well-known/hom-thu-gop-y.json"
SCHEMA = 1
SERVICE = "hom-thu-gop-y"


def render_register(boxes: Iterable[Box], base_url: str, day: date) -> bytes:
    """The register of these boxes, with the rounds from the year before this day to the year after."""
    register = {
        "schema": SCHEMA,
        "service": SERVICE,
        "url": base_url,
        "boxes": [_box(box, base_url, day) for box in boxes],
    }
    return json.dumps(register, ensure_ascii=False, indent=1).encode()


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
