"""Sixteen clients that hand in valid forms over HTTP, each with a key of its own, and count their receipts.

The forms carry no stamp: it costs the phone and not the server. Each client keeps its connection, as
Google's front end does.
"""

import secrets
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from homthu.domain.boxes.box import Box
from homthu.domain.fields import Field, question_field

CLIENTS = 16
_TEXT = "Cán bộ hướng dẫn tận tình, nhưng bảng niêm yết lệ phí ở quầy số 3 đã cũ, đề nghị phường thay. "


def hand_in(port: int, box: Box, seconds: float) -> tuple[int, float]:
    """Let the clients submit forms for this long; how many got their receipt, and how many a second.

    Any other answer ends the program.
    """
    forms, count, begun = _requests(box), 0, time.perf_counter()
    ends = begun + seconds
    with selectors.DefaultSelector() as clients:
        for _ in range(CLIENTS):
            line = socket.create_connection(("127.0.0.1", port))
            clients.register(line, selectors.EVENT_READ, line)
            line.sendall(next(forms))
        while clients.get_map():
            for key, _ in clients.select():
                line = key.data
                if b"\r\nLocation: /da-gui?p=" not in (answer := line.recv(65_536)):
                    sys.exit(f"submit: {answer[:300]!r}")
                count += 1
                if time.perf_counter() < ends:
                    line.sendall(next(forms))
                else:
                    clients.unregister(line)
                    line.close()
    return count, count / (time.perf_counter() - begun)


def _requests(box: Box) -> Iterator[bytes]:
    """Forms as the page sends them, whole and valid, without end."""
    asked = box.questionnaire
    fields = {
        Field.PLACE: box.places[0].code,
        Field.QUESTIONNAIRE: asked.version,
        **{
            question_field(question.id): question.options[0].id
            for question in asked.questions
            if question.options
        },
        Field.TEXT: _TEXT * 2,
        Field.SERVICE: asked.services[0].id,
    }
    body = urlencode(fields)
    head = "POST /gui HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    while True:
        form = f"{body}&{Field.KEY}={secrets.token_hex(16)}".encode()
        yield f"{head}Content-Length: {len(form)}\r\n\r\n".encode() + form
