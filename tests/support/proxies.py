"""Debian's proxies by the files that the install lays, but for ports, folders and the certificate."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from machine import require
from ports import free_port

FOLDER = Path(__file__).parents[2] / "infra" / "own-server"
HOST = "gopy.example.org"
PROXIES = {"caddy": "caddy", "nginx": "nginx-light"}


@dataclass(frozen=True)
class Proxy:
    """A proxy that is running: where it listens, and the folder of all that it writes."""

    port: int
    tls_port: int
    folder: Path

    def written(self) -> str:
        """Everything that it has written: its logs, its output, and what it keeps."""
        given = {"certificate.pem", "private.key", "Caddyfile", "nginx.conf"}
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.name not in given]
        return "".join(path.read_text("utf-8", "replace") for path in files)

    def curl(self, path: str, *options: str) -> "subprocess.CompletedProcess[str]":
        """Ask for a path as a browser does, by HTTP/2 over TLS."""
        where = f"{HOST}:{self.tls_port}:127.0.0.1"
        command = ["curl", "-sS", "--http2", "--insecure", "--max-time", "40", "--resolve", where]
        url = f"https://{HOST}:{self.tls_port}{path}"
        return subprocess.run([*command, *options, url], capture_output=True, text=True, check=False)


@contextmanager
def proxied(name: str, box_port: int, folder: Path) -> Iterator[Proxy]:
    """Run one of the proxies in front of a box on this port."""
    require(name, PROXIES[name])
    folder.mkdir()
    certificate, key = folder / "certificate.pem", folder / "private.key"
    subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-days", "2", "-nodes"]
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", *subject]
    subprocess.run([*make, "-out", str(certificate), "-keyout", str(key)], check=True, capture_output=True)
    proxy = Proxy(free_port(), free_port(), folder)
    command = {"caddy": _caddy, "nginx": _nginx}[name](proxy, box_port, certificate, key)
    environ = {"HOME": str(folder), "PATH": "/usr/sbin:/usr/bin:/bin", "XDG_DATA_HOME": str(folder)}
    with (folder / "output").open("wb") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=sink, env=environ)
    try:
        _wait(proxy, process)
        yield proxy
    finally:
        process.terminate()
        process.wait(20)


def _caddy(proxy: Proxy, box_port: int, certificate: Path, key: Path) -> list[str]:
    text = (FOLDER / "Caddyfile").read_text("utf-8").replace("127.0.0.1:8080", f"127.0.0.1:{box_port}")
    begun = text.index(f"{HOST} {{")
    body = text[begun:].removeprefix(f"{HOST} {{")
    plain = f"http://{HOST}:{proxy.port} {{\n\tbind 127.0.0.1{body}"
    secure = f"https://{HOST}:{proxy.tls_port} {{\n\tbind 127.0.0.1\n\ttls {certificate} {key}{body}"
    text = text[:begun] + plain + secure
    text = _replaced(text, "{\n\tservers", "{\n\tadmin off\n\tauto_https off\n\tservers")
    file = proxy.folder / "Caddyfile"
    file.write_text(text, "utf-8")
    return ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"]


def _nginx(proxy: Proxy, box_port: int, certificate: Path, key: Path) -> list[str]:
    text = (FOLDER / "nginx.conf").read_text("utf-8").replace("127.0.0.1:8080", f"127.0.0.1:{box_port}")
    text = re.sub(r"\s+listen \[::\][^;]+;", "", text)
    text = _replaced(text, "listen 80 default_server;", f"listen 127.0.0.1:{free_port()};")
    listening = f"listen 127.0.0.1:{proxy.port}; listen 127.0.0.1:{proxy.tls_port} ssl http2 default_server;"
    text = _replaced(text, "listen 443 ssl http2 default_server;", listening)
    text = re.sub(r"ssl_certificate [^;]+;", f"ssl_certificate {certificate};", text)
    text = re.sub(r"ssl_certificate_key [^;]+;", f"ssl_certificate_key {key};", text)
    text = _replaced(text, "/run/nginx.pid", str(proxy.folder / "pid"))
    if os.geteuid() != 0:
        text = _replaced(text, "user www-data;", "")
    else:
        # Its workers are another user's, and their folders must be reached.
        for one in (proxy.folder, *proxy.folder.parents):
            if one.is_relative_to("/tmp") and one != Path("/tmp"):
                one.chmod(one.stat().st_mode | 0o011)
    temporary = proxy.folder / "tmp"
    temporary.mkdir()
    if os.geteuid() == 0:
        shutil.chown(temporary, "www-data")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"\t{kind}_temp_path {temporary / kind};\n" for kind in kinds)
    text = _replaced(text, "http {\n", f"http {{\n{folders}")
    file = proxy.folder / "nginx.conf"
    file.write_text(text, "utf-8")
    return ["nginx", "-c", str(file), "-e", str(proxy.folder / "error"), "-g", "daemon off;"]


def _replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)


def _wait(proxy: Proxy, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        try:
            for port in (proxy.port, proxy.tls_port):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert process.poll() is None, proxy.written()
            time.sleep(0.1)
    raise TimeoutError(proxy.written())
