"""Exim on loopback, begun for a test and ended with it."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fakes.mail_server import HOST, Certificate
from mail_hosts import (
    DOMAIN,
    FORBIDDEN,
    MAIL_OWNER,
    MAILBOXES,
    PASSWORD,
    SENDER,
    USERNAME,
    Ports,
    answers,
    running,
)
from mail_programs import ROOT
from ports import free_port


@contextmanager
def exim(folder: Path, certificate: Certificate) -> Iterator[Ports]:
    """Exim, which sends no enhanced codes unless told to; what it takes stays in its spool."""
    ports = Ports(submission=free_port(), submissions=free_port(), relay=free_port())
    owner = pwd.getpwnam(MAIL_OWNER)
    accounts = Path("/etc/passwd").read_text()
    (folder / "passwd").write_text(
        f"{accounts}Debian-exim:x:{owner.pw_uid}:{owner.pw_gid}::{folder}:/usr/sbin/nologin\n"
    )
    groups = Path("/etc/group").read_text()
    (folder / "group").write_text(f"{groups}Debian-exim:x:{owner.pw_gid}:\n")
    spool = folder / "spool"
    spool.mkdir()
    os.chown(spool, owner.pw_uid, owner.pw_gid)
    certificate_copy = folder / "certificate.pem"
    certificate_copy.write_bytes(certificate.file.read_bytes())
    os.chown(certificate_copy, owner.pw_uid, owner.pw_gid)
    known = " : ".join(MAILBOXES)
    path = folder / "exim.conf"
    path.write_text(f"""
exim_user = {owner.pw_uid}
exim_group = {owner.pw_gid}
exim_path = {ROOT}/usr/sbin/exim4
spool_directory = {spool}
log_file_path = {spool}/%slog
pid_file_path = {spool}/exim.pid
primary_hostname = mail.{DOMAIN}
keep_environment = LD_LIBRARY_PATH : LD_PRELOAD : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
queue_only
daemon_smtp_ports = {ports.submission} : {ports.submissions} : {ports.relay}
local_interfaces = {HOST}
tls_on_connect_ports = {ports.submissions}
tls_advertise_hosts = *
tls_certificate = {certificate_copy}
tls_privatekey = {certificate_copy}
auth_advertise_hosts = ${{if and{{{{def:tls_in_cipher}}{{!eq{{$received_port}}{{{ports.relay}}}}}}}{{*}}}}
message_size_limit = 10M
domainlist own = {DOMAIN}
addresslist known = {known}
acl_smtp_rcpt = rcpt
acl_smtp_data = data
begin acl
rcpt:
  deny
    authenticated = *
    !senders = {SENDER}
    message = Sender address is not yours to use
  require
    message = relay not permitted
    domains = +own
  require
    verify = recipient
  accept
data:
  deny
    condition = ${{if match{{$h_subject:}}{{{FORBIDDEN}}}}}
    message = This message scored too many spam points
  accept
begin routers
own:
  driver = accept
  domains = +own
  local_parts = ${{map{{<: {known}}}{{${{local_part:$item}}}}}}
  transport = nowhere
begin transports
nowhere:
  driver = appendfile
  file = /dev/null
  user = nobody
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{{USERNAME}}}}}{{eq{{$auth3}}{{{PASSWORD}}}}}}}}}
  server_set_id = $auth2
""")
    path.chmod(0o644)
    command = [str(ROOT / "usr/sbin/exim4"), "-bdf", "-C", str(path)]
    wrapped = {
        "LD_PRELOAD": str(ROOT / "usr/lib/x86_64-linux-gnu/libnss_wrapper.so"),
        "NSS_WRAPPER_PASSWD": str(folder / "passwd"),
        "NSS_WRAPPER_GROUP": str(folder / "group"),
    }
    with running(command, folder / "exim.log", lambda: answers(ports.submission), wrapped):
        yield ports
