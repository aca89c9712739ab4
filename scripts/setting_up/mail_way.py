"""How this machine sends mail: asked for, tested step by step, and kept beside the box."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from homthu.adapters.whole_file import make_folder, replace_whole
from homthu.bootstrap.swappable import make_mailer
from homthu.config import BadSettings, Settings, read_settings
from homthu.domain.mail_address import is_mail_address
from homthu.domain.week import ICT
from homthu.ports import Clock, MailError
from homthu.render.mail.cause import describe_cause
from homthu.render.mail.message import Mail, address, build_content
from homthu.render.texts import Texts
from local import data_folder
from own_server.env_file import BadEnvFile, read_env_file, read_env_text

from setting_up.errands import Failed

OUTBOX, SMTP = "outbox", "smtp"
_MAIL, _SENDER, _BOUNCES = "HOMTHU_MAIL", "HOMTHU_SENDER", "HOMTHU_BOUNCES_TO"
_KEPT = (_MAIL, _SENDER, _BOUNCES)
#: The port with TLS from the first byte on; every other port negotiates it after the greeting (RFC 8314).
_IMPLICIT = "465"
_SCHEMES = ("smtps", "smtp+starttls")
#: What some editors begin a file with.
_MARK = "\ufeff"
_TRIED_BYTES = 200_000


@dataclass(frozen=True, kw_only=True, slots=True)
class MailWay:
    """How an office's mail is sent. The password is never shown again."""

    way: str = OUTBOX
    host: str = ""
    port: str = "587"
    username: str = ""
    password: str = ""
    sender: str = ""
    bounces_to: str = ""

    def environ(self, data: Path) -> dict[str, str]:
        """The settings for it."""
        login = f"{quote(self.username, safe='')}:{quote(self.password, safe='')}@" if self.username else ""
        scheme = "smtps" if self.port == _IMPLICIT else "smtp+starttls"
        mail = (
            f"{scheme}://{login}{self.host}:{self.port}"
            if self.way == SMTP
            else f"outbox:{data.resolve().as_posix()}/outbox"
        )
        found = {_MAIL: mail, _SENDER: self.sender}
        return {**found, _BOUNCES: self.bounces_to} if self.bounces_to else found


def typed_way(form: Mapping[str, str], kept: MailWay) -> MailWay:
    """What was typed; without a password the saved one is used, as long as it is for the same login."""
    typed = MailWay(
        way=SMTP if form.get("way") == SMTP else OUTBOX,
        host=form.get("host", "").strip(),
        port=form.get("port", "").strip(),
        username=form.get("username", "").strip(),
        password=form.get("password", ""),
        sender=form.get("sender", "").strip(),
        bounces_to=form.get("bounces_to", "").strip(),
    )
    is_same = (typed.host, typed.username) == (kept.host, kept.username)
    if typed.password or not is_same:
        return typed
    return MailWay(**{**_as_dict(typed), "password": kept.password})


def _as_dict(way: MailWay) -> dict[str, str]:
    return {name: getattr(way, name) for name in MailWay.__slots__}


def read_way(data: Path) -> MailWay:
    """The saved way; the outbox where there is none, or where the file was written differently by hand."""
    try:
        return _way_in(read_env_file(data / data_folder.SETTINGS_FILE))
    except (OSError, ValueError, BadEnvFile):
        return MailWay()


def _way_in(kept: Mapping[str, str]) -> MailWay:
    """Raise `ValueError` if what is kept is no address at all."""
    rest = MailWay(sender=kept.get(_SENDER, ""), bounces_to=kept.get(_BOUNCES, ""))
    url = urlsplit(kept.get(_MAIL, ""))
    port = str(url.port or (_IMPLICIT if url.scheme == "smtps" else rest.port))
    if url.scheme not in _SCHEMES:
        return rest
    return MailWay(
        way=SMTP,
        host=url.hostname or "",
        port=port,
        username=unquote(url.username or ""),
        password=unquote(url.password or ""),
        sender=rest.sender,
        bounces_to=rest.bounces_to,
    )


def not_ours(data: Path, texts: Texts) -> list[str]:
    """Why the existing file must be left to the person who wrote it by hand; empty if it may be changed."""
    path = data / data_folder.SETTINGS_FILE
    try:
        kept = read_env_file(path)
    except FileNotFoundError:
        return []
    except BadEnvFile as bad:
        return [texts("setup.mail.unreadable", file=path, why="; ".join(str(bad).splitlines()[1:]))]
    except (OSError, ValueError) as error:
        return [texts("setup.mail.unreadable", file=path, why=type(error).__name__)]
    return [] if _is_known(kept, data) else [texts("setup.mail.by_hand", file=path)]


def _is_known(kept: Mapping[str, str], data: Path) -> bool:
    """Whether the page can say the way of mail that is kept, so that nothing is lost when it does."""
    value = kept.get(_MAIL, "")
    try:
        scheme, again = urlsplit(value).scheme, _way_in(kept).environ(data)[_MAIL]
        if scheme in ("", OUTBOX):
            return True
        mails = [read_settings({_MAIL: one}, frozenset()).mail for one in (value, again)]
    except BadSettings:
        # It sends no mail: there is nothing to lose.
        return scheme in _SCHEMES
    except ValueError:
        return False
    return scheme in _SCHEMES and mails[0] == mails[1]


def keep_way(way: MailWay, data: Path, texts: Texts) -> None:
    """Keep it beside the box, for this user only; every other line of the file stays as it is.

    Raise `Failed`, with nothing written, if the file is not for this page to change; may raise `OSError`.
    """
    if problems := not_ours(data, texts):
        raise Failed(problems)
    path = data / data_folder.SETTINGS_FILE
    text = path.read_bytes().decode() if path.exists() else "# Đường gửi thư, do trang thiết lập ghi.\n"
    written = _with_lines(text, way.environ(data))
    try:
        read_env_text(written.removeprefix(_MARK), path)
    except BadEnvFile as bad:
        why = "; ".join(str(bad).splitlines()[1:])
        raise Failed([texts("setup.mail.unwritable", file=path, why=why)]) from bad
    make_folder(data)
    replace_whole(path, written.encode())


def _with_lines(text: str, values: Mapping[str, str]) -> str:
    """The text with these lines in place of those of the same names."""
    left, lines = dict(values), []
    for line in text.removeprefix(_MARK).splitlines(keepends=True):
        name = line.partition("=")[0].strip()
        if name not in _KEPT:
            lines.append(line)
        elif name in left:
            end = line[len(line.rstrip("\r\n")) :]
            lines.append(f"{name}={left.pop(name)}{end}")
    if left and lines and not lines[-1].endswith(("\n", "\r")):
        lines.append("\n")
    lines += [f"{name}={value}\n" for name, value in left.items()]
    return (_MARK if text.startswith(_MARK) else "") + "".join(lines)


def settings_of(way: MailWay, data: Path, texts: Texts) -> tuple[Settings, list[str]]:
    """The settings, and what is wrong with them before anybody is spoken to."""
    problems = []
    if way.way == SMTP and not re.fullmatch(r"[0-9]{1,5}", way.port):
        problems.append(texts("setup.mail.bad_port"))
        way = MailWay(**{**_as_dict(way), "port": "587"})
    try:
        return read_settings(way.environ(data), frozenset({_MAIL, _SENDER})), problems
    except BadSettings as bad:
        own = {_MAIL: "setup.mail.server", _SENDER: "setup.mail.sender", _BOUNCES: "setup.mail.bounces_to"}
        told = [(one.variable, texts(f"setting.{one.code}", **one.data)) for one in bad.problems]
        return bad.settings, problems + [f"{texts(own[name])}: {why}" for name, why in told if name in own]


def try_way(way: MailWay, data: Path, to: str, texts: Texts) -> list[str]:
    """Why no mail would be sent with this configuration, as far as can be tested without sending one; or
    empty.
    """
    settings, problems = settings_of(way, data, texts)
    if not is_mail_address(to):
        problems.append(texts("setup.mail.bad_to", value=to))
    if problems:
        return problems
    try:
        mailer = make_mailer(settings.mail, bounces_to=settings.bounces_to)
        mailer.check(sender=settings.sender, recipients=[to], size_bytes=_TRIED_BYTES)
    except MailError as error:
        return [explain(error, texts)]
    return []


def send_one(way: MailWay, data: Path, to: str, texts: Texts, clock: Clock) -> list[str]:
    """Send a test mail; why it was not sent, or empty."""
    if problems := try_way(way, data, to, texts):
        return problems
    settings, _ = settings_of(way, data, texts)
    now = clock()
    text = texts("setup.mail.trial_text", at=f"{now.astimezone(ICT):%H:%M %d/%m/%Y}")
    mail = Mail(subject=texts("setup.mail.trial_subject"), text=text, html=f"<p>{text}</p>")
    content = build_content(mail, sender_name=texts("mail.sender"), sender=settings.sender, date=now)
    host = settings.sender.rpartition("@")[2]
    message_id = f"<thu-{int(now.timestamp())}@{host}>"
    message = address(content, recipient_name="", recipient=to, message_id=message_id)
    try:
        mailer = make_mailer(settings.mail, bounces_to=settings.bounces_to)
        mailer.send(message, sender=settings.sender, recipient=to)
    except MailError as error:
        return [explain(error, texts)]
    return []


def explain(error: MailError, texts: Texts) -> str:
    """What is wrong and who can fix it, followed by the server's answer."""
    why = describe_cause(error.reason, texts)
    for name in (_MAIL, _SENDER, _BOUNCES):
        # The reader has fields on the screen, not variables.
        why = why.replace(name, texts(f"setup.mail.called.{name}"))
    return why + (f" ({error.said})" if error.said else "")
