"""How mail leaves this machine: asked for, tried step by step, and kept beside the box."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import local_settings
from homthu.adapters.whole_file import make_folder, replace_whole
from homthu.bootstrap.swappable import make_mailer
from homthu.config import BadSettings, Settings, read_settings
from homthu.domain.mail_address import is_mail_address
from homthu.domain.week import ICT
from homthu.ports import Clock, MailError
from homthu.render.mail.cause import describe_cause
from homthu.render.mail.message import Mail, address, build_content
from homthu.render.texts import Texts
from own_server.env_file import BadEnvFile, read_env_file

OUTBOX, SMTP = "outbox", "smtp"
_MAIL, _SENDER, _BOUNCES = "HOMTHU_MAIL", "HOMTHU_SENDER", "HOMTHU_BOUNCES_TO"
_KEPT = (_MAIL, _SENDER, _BOUNCES)
#: TLS from the first byte on; every other port says so after the greeting (RFC 8314).
_IMPLICIT = "465"
_TRIED_BYTES = 200_000


@dataclass(frozen=True, kw_only=True, slots=True)
class MailWay:
    """What an office knows of its mail service. The password is never shown again."""

    way: str = OUTBOX
    host: str = ""
    port: str = "587"
    username: str = ""
    password: str = ""
    sender: str = ""
    bounces_to: str = ""

    def environ(self, data: Path) -> dict[str, str]:
        """The settings that say the same."""
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
    """What was typed; no password means the one that is kept, as long as it is the same login."""
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
    """The way that is kept; the outbox where none is, or where the file was written by hand otherwise."""
    try:
        kept = read_env_file(data / local_settings.SETTINGS_FILE)
        url = urlsplit(kept.get(_MAIL, ""))
        port = str(url.port or "")
    except (OSError, ValueError, BadEnvFile):
        return MailWay()
    rest = MailWay(sender=kept.get(_SENDER, ""), bounces_to=kept.get(_BOUNCES, ""))
    if url.scheme not in ("smtps", "smtp+starttls"):
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


def keep_way(way: MailWay, data: Path) -> None:
    """Keep it beside the box, for this user only. May raise `OSError`."""
    path = data / local_settings.SETTINGS_FILE
    try:
        others = {name: value for name, value in read_env_file(path).items() if name not in _KEPT}
    except (OSError, BadEnvFile):
        others = {}
    lines = [f"{name}={value}" for name, value in {**others, **way.environ(data)}.items()]
    make_folder(data)
    replace_whole(path, ("# Đường gửi thư, do trang thiết lập ghi.\n" + "\n".join(lines) + "\n").encode())


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
    """Why no mail would leave for this address, as far as can be seen without sending one; or nothing."""
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
    """Send a mail that says it is a trial; why it did not leave, or nothing."""
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
    """What is wrong and who mends it; what the server said, behind it."""
    why = describe_cause(error.reason, texts)
    for name in (_MAIL, _SENDER, _BOUNCES):
        # Who reads this has fields before them, and no variables.
        why = why.replace(name, texts(f"setup.mail.called.{name}"))
    return why + (f" ({error.said})" if error.said else "")
