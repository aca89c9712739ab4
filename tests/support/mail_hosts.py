"""Real mail servers on loopback, begun for a test and ended with it: Postfix with Dovecot, and Exim.

They serve the domain of the sample box of ward 07207 and know its `MAILBOXES`. `USERNAME` logs in with
`PASSWORD` and may send as `SENDER` only. Their certificate is that of the test's own authority.
"""

import grp
import mailbox
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from fakes.mail_server import HOST, Certificate
from mail_programs import ROOT, environment
from ports import free_port

DOMAIN = "example.org"
USERNAME, PASSWORD = "hop-thu", "mat-khau-dai"
SENDER = f"hom-thu-gop-y@{DOMAIN}"
OPERATOR = f"van-hanh.ngo-quyen@{DOMAIN}"
RECIPIENTS = tuple(f"{name}.ngo-quyen@{DOMAIN}" for name in ("bcd-qcdc", "thuong-truc", "dan-van", "doan-tn"))
MAILBOXES = (SENDER, OPERATOR, *RECIPIENTS)
CHAIR = RECIPIENTS[0]
STRANGER = "ai-do@noi-khac.example"
SMALL_BYTES = 20_000
#: A word that the servers' filters refuse in a subject.
FORBIDDEN = "KHUYEN-MAI"
#: Accounts that Debian has and nothing here uses.
_MAIL_OWNER, _MAILBOX_OWNER, _SETGID_GROUP = "list", "games", "irc"
_START_SECONDS = 60


class DidNotStart(Exception):
    """A server is not there in time; the message holds its log."""


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where a server listens, by what it does there."""

    #: STARTTLS and a login.
    submission: int
    #: TLS from the first byte on, and a login.
    submissions: int
    #: STARTTLS and no login: for its own domain only.
    relay: int
    #: STARTTLS, a login, and no mail beyond `SMALL_BYTES`.
    small: int = 0
    #: No TLS at all.
    plain: int = 0


@contextmanager
def postfix(folder: Path, certificate: Certificate) -> Iterator[Ports]:
    """Postfix, which asks Dovecot for passwords and puts what it takes into mailboxes."""
    ports = Ports(**{name: free_port() for name in ("submission", "submissions", "relay", "small", "plain")})
    queue, mailboxes = folder / "queue", folder / "mailboxes"
    _make_queue(queue)
    mailboxes.mkdir()
    os.chown(mailboxes, pwd.getpwnam(_MAILBOX_OWNER).pw_uid, -1)
    with ExitStack() as running:
        dovecot = _write_dovecot(folder, queue)
        # As Dovecot would call it itself, if it were where it was built to be.
        command = [str(ROOT / "usr/bin/doveconf"), "-f", "service=master", "-c", str(dovecot), "-m", "master"]
        command += ["-e", str(ROOT / "usr/sbin/dovecot"), "-F", "-c", str(dovecot)]
        running.enter_context(
            _running(command, folder / "dovecot.log", lambda: (queue / "private" / "auth").exists())
        )
        _write_postfix(folder, certificate, ports, queue, mailboxes)
        command = [str(ROOT / "usr/lib/postfix/sbin/master"), "-c", str(folder), "-d"]
        running.enter_context(_running(command, folder / "postfix.log", lambda: _answers(ports.submission)))
        yield ports


def _make_queue(queue: Path) -> None:
    owner, group = pwd.getpwnam(_MAIL_OWNER).pw_uid, grp.getgrnam(_SETGID_GROUP).gr_gid
    queue.mkdir(mode=0o755)
    for name in (
        "active",
        "bounce",
        "corrupt",
        "defer",
        "deferred",
        "flush",
        "hold",
        "incoming",
        "saved",
        "trace",
    ):
        (queue / name).mkdir(mode=0o700)
        os.chown(queue / name, owner, 0)
    for name, mode, gid in (("private", 0o700, 0), ("public", 0o710, group), ("maildrop", 0o730, group)):
        (queue / name).mkdir(mode=mode)
        os.chown(queue / name, owner, gid)
    (queue / "pid").mkdir(mode=0o755)


def _write_dovecot(folder: Path, queue: Path) -> Path:
    owner = pwd.getpwnam(_MAILBOX_OWNER)
    (folder / "users").write_text(
        "".join(f"{name}:{{PLAIN}}{PASSWORD}::::::\n" for name in (USERNAME, *MAILBOXES))
    )
    (folder / "dovecot").mkdir()
    path = folder / "dovecot.conf"
    path.write_text(f"""
base_dir = {folder}/dovecot
state_dir = {folder}/dovecot
libexec_dir = {ROOT}/usr/lib/dovecot
mail_plugin_dir = {ROOT}/usr/lib/dovecot/modules
import_environment = LD_LIBRARY_PATH={environment()["LD_LIBRARY_PATH"]}
log_path = {folder}/dovecot.log
default_internal_user = {_MAIL_OWNER}
default_internal_group = {_SETGID_GROUP}
default_login_user = nobody
protocols = none
listen = {HOST}
ssl = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={folder}
}}
service auth {{
  unix_listener {queue}/private/auth {{
    mode = 0666
  }}
}}
service anvil {{
  chroot =
  # Without it whoever was wrong once would be kept waiting.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
""")
    return path


def _write_postfix(
    folder: Path, certificate: Certificate, ports: Ports, queue: Path, mailboxes: Path
) -> None:
    owner = pwd.getpwnam(_MAILBOX_OWNER)
    known = " ".join(f"{{{one} = {one}/}}" for one in MAILBOXES)
    (folder / "data").mkdir()
    os.chown(folder / "data", pwd.getpwnam(_MAIL_OWNER).pw_uid, -1)
    (folder / "dynamicmaps.cf").touch()
    (folder / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {folder}/data
command_directory = {ROOT}/usr/sbin
daemon_directory = {ROOT}/usr/lib/postfix/sbin
shlib_directory = {ROOT}/usr/lib/postfix
meta_directory = {folder}
import_environment = MAIL_CONFIG={folder} LD_LIBRARY_PATH={environment()["LD_LIBRARY_PATH"]}
mail_owner = {_MAIL_OWNER}
setgid_group = {_SETGID_GROUP}
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = {HOST}
inet_protocols = ipv4
myhostname = mail.{DOMAIN}
mydestination =
mynetworks = 192.0.2.0/24
alias_maps =
local_recipient_maps =
default_transport = error:nothing leaves this machine
virtual_mailbox_domains = {DOMAIN}
virtual_mailbox_base = {mailboxes}
virtual_mailbox_maps = inline:{{ {known} }}
virtual_minimum_uid = 1
virtual_uid_maps = static:{owner.pw_uid}
virtual_gid_maps = static:{owner.pw_gid}
message_size_limit = 10240000
smtpd_tls_cert_file = {certificate.file}
smtpd_tls_key_file = {certificate.file}
smtpd_tls_security_level = encrypt
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_auth_enable = no
smtpd_sender_login_maps = inline:{{ {{{SENDER} = {USERNAME}}}, {{{CHAIR} = {CHAIR}}} }}
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_error_sleep_time = 0
header_checks = regexp:{folder}/header_checks
""")
    (folder / "header_checks").write_text(f"/^Subject:.*{FORBIDDEN}/ REJECT Message refused as spam\n")
    login = "-o smtpd_sasl_auth_enable=yes -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject"
    (folder / "master.cf").write_text(f"""
{HOST}:{ports.submission} inet n - n - - smtpd {login}
{HOST}:{ports.submissions} inet n - n - - smtpd {login} -o smtpd_tls_wrappermode=yes
{HOST}:{ports.relay} inet n - n - - smtpd -o smtpd_sender_restrictions=reject_unlisted_sender
{HOST}:{ports.small} inet n - n - - smtpd {login} -o message_size_limit={SMALL_BYTES}
{HOST}:{ports.plain} inet n - n - - smtpd -o smtpd_tls_security_level=none
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
""")


def inbox(mailboxes: Path, address: str) -> list[bytes]:
    """The mails that Postfix has put into a mailbox."""
    if not (mailboxes / address).exists():
        # Postfix makes it for the first mail, with rights that we would not give it.
        return []
    box = mailbox.Maildir(mailboxes / address, create=False)
    return [box.get_bytes(key) for key in sorted(box.keys())]


@contextmanager
def exim(folder: Path, certificate: Certificate) -> Iterator[Ports]:
    """Exim, which sends no enhanced codes unless told to; what it takes stays in its spool."""
    ports = Ports(submission=free_port(), submissions=free_port(), relay=free_port())
    owner = pwd.getpwnam(_MAIL_OWNER)
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
    with _running(command, folder / "exim.log", lambda: _answers(ports.submission), wrapped):
        yield ports


@contextmanager
def _running(
    command: list[str], log: Path, is_there: Callable[[], bool], more: dict[str, str] | None = None
) -> Iterator[None]:
    """A server in a process group of its own, from when it is there until the end."""
    with log.open("ab") as said:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env={**environment(), **(more or {})},
            start_new_session=True,
        )
    try:
        _wait_for(server, is_there, log)
        yield
    finally:
        _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    """End the server and all that it began: one that still writes would make its folder anew."""
    for signal_, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        end = time.monotonic() + seconds
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal_)
            while time.monotonic() < end:
                server.poll()
                os.killpg(server.pid, 0)
                time.sleep(0.05)
            continue
        return


def _wait_for(server: subprocess.Popen[bytes], is_there: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while not is_there():
        if server.poll() is not None or time.monotonic() > end:
            raise DidNotStart(log.read_text("utf-8", "replace")[-2000:])
        time.sleep(0.1)


def _answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
