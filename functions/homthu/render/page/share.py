"""The picture that a chat shows beside a shared link."""

import hashlib
from collections.abc import Mapping

from homthu.domain.boxes.box import Box


def share_image(assets: Mapping[str, bytes], box: Box | None, base_url: str) -> str:
    """The picture's absolute address: the ward's own if there is one, else the neutral one, else empty.

    Chats keep a picture for months under its address, so the address changes with the picture.
    """
    names = [f"og-{box.ward.code}.png"] if box else []
    name = next((name for name in (*names, "og.png") if name in assets), "")
    if not name:
        return ""
    version = hashlib.sha256(assets[name]).hexdigest()[:8]
    return f"{base_url.rstrip('/')}/assets/{name}?v={version}"
