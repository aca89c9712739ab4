"""Asks the box on this machine how it is, at its public health address."""

import json
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException

from own_server.layout import DEFAULT_PORT

_SECONDS, _TRIES_SECONDS = 15.0, 60.0


def ask_health(port: str = DEFAULT_PORT) -> tuple[int, dict[str, str]]:
    """The status and what the box says of itself; raise `OSError` if it does not answer in words of ours."""
    connection = HTTPConnection("127.0.0.1", int(port), timeout=_SECONDS)
    try:
        connection.request("GET", "/suc-khoe")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except (HTTPException, ValueError) as error:
        raise OSError(type(error).__name__) from error
    finally:
        connection.close()


def answers(settings: Mapping[str, str], version: str = "", *, seconds: float = _TRIES_SECONDS) -> bool:
    """Whether the box answers in time, in this version if one is named, and takes what is written.

    Something else may be ill, such as an old backup: that is no fault of a version.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            _, said = ask_health(settings.get("HOMTHU_PORT", DEFAULT_PORT))
        except OSError:
            said = {}
        if said.get("store") == "yes" and version in ("", said.get("version")):
            return True
        time.sleep(0.5)
    return False
