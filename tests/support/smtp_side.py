"""A mail sent to a scripted SMTP server over a socket."""

import socket
import ssl
from contextlib import AbstractContextManager

from fakes.mail_server import (
    HOST,
    PASSWORD,
    USERNAME,
    Certificate,
    MailHandler,
    mail_server,
)
from homthu.adapters.mail.smtp import SmtpMailer

SENDER = "hop-thu@bacgiang.example"
RECIPIENT = "chu-tich@bacgiang.example"
MESSAGE = b"Message-ID: <1@hop-thu.example>\r\nSubject: x\r\n\r\nXin chao\r\n"


def send(
    port: int,
    certificate: Certificate,
    *,
    password: str = PASSWORD,
    username: str = USERNAME,
    message: bytes = MESSAGE,
    recipient: str = RECIPIENT,
    sender: str = SENDER,
    timeout_seconds: float = 3,
    answer_timeout_seconds: float = 3,
    implicit_tls: bool = False,
    bounces_to: str = "",
) -> None:
    SmtpMailer(
        HOST,
        port,
        username,
        password,
        implicit_tls=implicit_tls,
        bounces_to=bounces_to,
        timeout_seconds=timeout_seconds,
        answer_timeout_seconds=answer_timeout_seconds,
        context=certificate.client,
    ).send(message, sender=sender, recipient=recipient)


def running(handler: MailHandler, certificate: Certificate) -> AbstractContextManager[int]:
    return mail_server(handler, certificate.server)


def speak_until(connection: socket.socket, last: bytes, tls: ssl.SSLContext, after_data: bytes = b"") -> None:
    """Say yes to every command, and hang up without an answer on the one that begins like this.

    After the data comes `after_data`; without it, the connection ends amid the data.
    """
    connection.settimeout(60)
    connection.sendall(b"220 ready\r\n")
    while (line := connection.recv(4_096)) and not line.lower().startswith(last):
        if line.startswith(b"ehlo"):
            connection.sendall(b"250-hello\r\n250 STARTTLS\r\n")
        elif line.startswith(b"STARTTLS"):
            connection.sendall(b"220 go\r\n")
            connection = tls.wrap_socket(connection, server_side=True)
        elif line.startswith(b"DATA"):
            connection.sendall(b"354 go\r\n")
            if not after_data:
                break
            while not line.endswith(b".\r\n"):
                line = connection.recv(4_096)
            connection.sendall(after_data)
        else:
            connection.sendall(b"250 ok\r\n")
    connection.close()
