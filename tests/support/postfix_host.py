"""Postfix with Dovecot on loopback, begun for a test and ended with it."""

import grp
import mailbox
import os
import pwd
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from fakes.mail_server import HOST, Certificate
from mail_hosts import (
    CHAIR,
    DOMAIN,
    FORBIDDEN,
    MAIL_OWNER,
    MAILBOX_OWNER,
    MAILBOXES,
    PASSWORD,
    SENDER,
    SETGID_GROUP,
    SMALL_BYTES,
    USERNAME,
    Ports,
    answers,
    running,
)
from mail_programs import ROOT, environment
from ports import free_port


@contextmanager
def postfix(folder: Path, certificate: Certificate) -> Iterator[Ports]:
    """Postfix, which asks Dovecot for passwords and puts what it takes into mailboxes."""
    ports = Ports(**{name: free_port() for name in ("submission", "submissions", "relay", "small", "plain")})
    queue, mailboxes = folder / "queue", folder / "mailboxes"
    _make_queue(queue)
    mailboxes.mkdir()
    os.chown(mailboxes, pwd.getpwnam(MAILBOX_OWNER).pw_uid, -1)
    with ExitStack() as programs:
        dovecot = _write_dovecot(folder, queue)
        # As Dovecot would call it itself, if it were where it was built to be.
        command = [str(ROOT / "usr/bin/doveconf"), "-f", "service=master", "-c", str(dovecot), "-m", "master"]
        command += ["-e", str(ROOT / "usr/sbin/dovecot"), "-F", "-c", str(dovecot)]
        programs.enter_context(
            running(command, folder / "dovecot.log", lambda: (queue / "private" / "auth").exists())
        )
        _write_postfix(folder, certificate, ports, queue, mailboxes)
        command = [str(ROOT / "usr/lib/postfix/sbin/master"), "-c", str(folder), "-d"]
        programs.enter_context(running(command, folder / "postfix.log", lambda: answers(ports.submission)))
        yield ports


def _make_queue(queue: Path) -> None:
    owner, group = pwd.getpwnam(MAIL_OWNER).pw_uid, grp.getgrnam(SETGID_GROUP).gr_gid
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
    owner = pwd.getpwnam(MAILBOX_OWNER)
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
default_internal_user = {MAIL_OWNER}
default_internal_group = {SETGID_GROUP}
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
    owner = pwd.getpwnam(MAILBOX_OWNER)
    known = " ".join(f"{{{one} = {one}/}}" for one in MAILBOXES)
    (folder / "data").mkdir()
    os.chown(folder / "data", pwd.getpwnam(MAIL_OWNER).pw_uid, -1)
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
mail_owner = {MAIL_OWNER}
setgid_group = {SETGID_GROUP}
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
