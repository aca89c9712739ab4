"""The proxy in front: its file, with the box's own name in it, written only where no other site is lost."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from own_server.env_file import read_env_file
from own_server.layout import Layout
from own_server.plan import Plan
from own_server.settings import PROXY

_PROGRAMS = {"caddy": "usr/bin/caddy", "nginx": "usr/sbin/nginx"}
_FILES = {"caddy": ("Caddyfile", "etc/caddy/Caddyfile"), "nginx": ("nginx.conf", "etc/nginx/nginx.conf")}
_EXAMPLE = "gopy.example.org"
#: What Debian's own files say of themselves: nobody has made them theirs yet. Ours says it in its first line.
_NOBODYS = {
    "caddy": "The Caddyfile is an easy way to configure",
    "nginx": "include /etc/nginx/sites-enabled/*;",
}
OURS = "hòm thư góp ý"


def installed_proxy(layout: Layout) -> str:
    """The proxy of this machine, or `none`."""
    found = [name for name, path in _PROGRAMS.items() if (layout.root / path).exists()]
    return found[0] if found else "none"


def chosen_proxy(given: str | None, layout: Layout) -> str:
    """The proxy requested now, else the one requested before, else the one of this machine."""
    return given or read_env_file(layout.env).get(PROXY) or installed_proxy(layout)


def lay_proxy(plan: Plan, proxy: str, base_url: str, files: Path) -> None:
    """Write the proxy's file and reload it; beside another site's file, ours is written and reported."""
    if proxy == "none":
        print("! không có proxy / no proxy: cài caddy / install caddy, or point your own at 127.0.0.1:8080")
        return
    name, target = _FILES[proxy]
    path = plan.layout.root / target
    host = urlsplit(base_url).hostname or ""
    content = (files / name).read_text("utf-8").replace(_EXAMPLE, host)
    if path.exists() and not _is_ours_to_write(proxy, path):
        beside = path.with_name(f"{path.name}.hom-thu")
        plan.file(beside, content.encode())
        print(f"! {path} là của trang khác / is another site's: ghép tay phần của / merge by hand {beside}")
        return
    before = plan.changes
    plan.folder(path.parent)
    plan.file(path, content.encode())
    if plan.changes == before or plan.dry or not plan.is_whole_machine:
        return
    check = {
        "caddy": ["caddy", "validate", "--adapter", "caddyfile", "--config", os.fspath(path)],
        "nginx": ["nginx", "-t", "-c", os.fspath(path)],
    }[proxy]
    if shutil.which(check[0]) and subprocess.run(check, capture_output=True, check=False).returncode:
        print(f"! {proxy} chưa nhận tệp (thiếu chứng thư?) / does not take it yet: {' '.join(check)}")
        return
    plan.systemctl("reload-or-restart", f"{proxy}.service")


def _is_ours_to_write(proxy: str, path: Path) -> bool:
    text = path.read_text("utf-8", "replace")
    return OURS in text.partition("\n")[0] or _NOBODYS[proxy] in text
