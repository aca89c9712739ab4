"""An SMTP server on loopback with a certificate of its own, to be told how to behave."""

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from ports import free_port

HOST = "127.0.0.1"
USERNAME = "hop-thu"
PASSWORD = "mật khẩu".encode().hex()


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A self-signed certificate, as server and as client see it; `file` holds key and certificate."""

    server: ssl.SSLContext
    client: ssl.SSLContext
    file: Path


def make_certificate(folder: Path, *, host: str = HOST, days: int = 0) -> Certificate:
    """One for this host that holds for an hour yet, or held so many days ago."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC) + timedelta(days=days)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    certificate = signed.public_bytes(serialization.Encoding.PEM)
    (folder / "server.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    return Certificate(
        server=server,
        client=ssl.create_default_context(cadata=certificate.decode()),
        file=folder / "server.pem",
    )


def _line(server: SMTP) -> asyncio.Transport:
    """The line that a mail comes in by."""
    assert isinstance(server.transport, asyncio.Transport)
    return server.transport


@dataclass
class MailHandler:
    """Takes every mail, unless an answer says otherwise; `envelopes` are those it took.

    `senders` and `recipients` are those that got as far as being judged here, not by aiosmtpd itself.
    """

    at_rcpt: str = ""
    refused_recipient: str = ""
    at_mail: str = ""
    at_data: str = ""
    drops_at_data: bool = False
    drops_after_taking: bool = False
    stalls_seconds: float = 0
    envelopes: list[Envelope] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    tls: list[bool] = field(default_factory=list)
    helo_names: list[str | None] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.senders.append(address)
        if self.at_mail:
            return self.at_mail
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.recipients.append(address)
        if self.at_rcpt:
            return self.at_rcpt
        if address == self.refused_recipient:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.at_data:
            return self.at_data
        if self.drops_at_data:
            _line(server).abort()
            return "250 OK"
        self.envelopes.append(envelope)
        self.tls.append(_line(server).get_extra_info("ssl_object") is not None)
        self.helo_names.append(session.host_name)
        if self.drops_after_taking:
            _line(server).abort()
        await asyncio.sleep(self.stalls_seconds)
        return "250 OK"


@contextmanager
def mail_server(
    handler: MailHandler,
    tls: ssl.SSLContext | None,
    *,
    asks_password: bool = True,
    implicit_tls: bool = False,
    auth_mechanisms: Sequence[str] = (),
    **settings: Any,
) -> Iterator[int]:
    """Run the server and give its port. `auth_mechanisms` are offered, and not understood."""

    def knows_password(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        handler.logins.append(mechanism)
        expected = LoginPassword(USERNAME.encode(), PASSWORD.encode())
        return AuthResult(success=data == expected, handled=False)

    if asks_password and tls:
        settings |= {"authenticator": knows_password, "auth_required": True}
    if implicit_tls:
        # To aiosmtpd the line is in the clear: it is the socket below that speaks TLS.
        settings |= {"ssl_context": tls, "auth_require_tls": False}
    else:
        settings |= {"tls_context": tls, "require_starttls": tls is not None}
    for mechanism in auth_mechanisms:
        setattr(handler, f"auth_{mechanism}", None)
    controller = Controller(handler, hostname=HOST, port=free_port(), **settings)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def raw_server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server for what no proper one does: `talk` holds one connection, in a thread."""
    listener = socket.create_server((HOST, 0))
    listener.settimeout(60)

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            talk(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join()
        listener.close()
