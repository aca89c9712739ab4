"""Starts the Firestore emulator of the gcloud SDK on a free port, and stops it again."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import grpc
from google.cloud.firestore_v1.types import CommitRequest
from ports import free_port

_JAR = "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar"
_MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
_PLACES = ("/usr/lib/google-cloud-sdk", "/usr/share/google-cloud-sdk", "/opt/google-cloud-sdk")
_START_SECONDS = 60


class EmulatorFailed(Exception):
    """It ended, or was not ready in time; the message holds what it said last."""


def find_jar() -> Path | None:
    """Where the emulator is: FIRESTORE_EMULATOR_JAR, a usual place, or where gcloud says."""
    if named := os.environ.get("FIRESTORE_EMULATOR_JAR"):
        return Path(named) if Path(named).is_file() else None
    for root in (*_PLACES, Path.home() / "google-cloud-sdk"):
        if (jar := Path(root, _JAR)).is_file():
            return jar
    if gcloud := shutil.which("gcloud"):
        answer = subprocess.run(
            [gcloud, "info", "--format=value(installation.sdk_root)"], capture_output=True, text=True
        )
        if (jar := Path(answer.stdout.strip(), _JAR)).is_file():
            return jar
    return None


def missing() -> str:
    """What is needed and not there, as a sentence; empty if the emulator can start."""
    if find_jar() is None:
        return (
            "The Firestore emulator is missing: install it with "
            "`apt-get install google-cloud-cli-firestore-emulator` or "
            "`gcloud components install cloud-firestore-emulator`, "
            "or name its .jar in FIRESTORE_EMULATOR_JAR."
        )
    if shutil.which("java") is None:
        return "The Firestore emulator needs Java 17 or later: `apt-get install default-jre-headless`."
    return ""


@contextmanager
def running() -> Iterator[str]:
    """Run the emulator; gives its `host:port`."""
    jar = find_jar()
    assert jar is not None, missing()
    with tempfile.TemporaryFile() as log:
        address = f"127.0.0.1:{free_port()}"
        command = ["java", "-Duser.language=en", "-cp", str(jar), _MAIN, "start"]
        process = subprocess.Popen(
            [*command, "--host=127.0.0.1", f"--port={address.rpartition(':')[2]}"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            if not _is_ready(address, process):
                log.seek(0)
                raise EmulatorFailed(log.read().decode(errors="replace")[-2000:])
            _warm(address)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _warm(address: str) -> None:
    """Write once over gRPC: its first answer may take longer than a store waits for one."""
    database = "projects/warm/databases/(default)"
    request = CommitRequest.pb()(database=database)
    request.writes.add().update.name = f"{database}/documents/warm/up"
    with grpc.insecure_channel(address) as channel:
        commit = channel.unary_unary(
            "/google.firestore.v1.Firestore/Commit", request_serializer=type(request).SerializeToString
        )
        commit(request, timeout=_START_SECONDS, metadata=[("authorization", "Bearer owner")])


def _is_ready(address: str, process: "subprocess.Popen[bytes]") -> bool:
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urlopen(f"http://{address}/", timeout=2):
                return True
        except (URLError, OSError):
            time.sleep(0.1)
    return False
