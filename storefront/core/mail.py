"""Mail leaves by SMTP, or as files in a folder where no server is set (demo, development)."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Protocol

from flask import current_app

from storefront.core import outbox
from storefront.core.transactions import refuse_inside

CONNECT_SECONDS = 10
MOST_ENCLOSED = 2 * 1024 * 1024
"""Bytes that may travel with a letter: mailboxes refuse big ones, and then the letter is lost too."""


@dataclass(frozen=True)
class Enclosure:
    """A file that travels with a letter."""

    name: str
    body: bytes
    kind: str = "application/pdf"


class Mailer(Protocol):
    """Somebody who takes a letter away. Raises when the letter did not leave."""

    def deliver(self, message: EmailMessage) -> None: ...


@dataclass(frozen=True)
class FileMailer:
    """Writes each letter as an .eml file: what the demo shop 'sends' can be read."""

    folder: Path

    def deliver(self, message: EmailMessage) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").replace("/", "_")
        (self.folder / f"{name}.eml").write_bytes(message.as_bytes(policy=SMTP))


@dataclass(frozen=True, repr=False)
class SmtpMailer:
    """Submits to a mail server; STARTTLS whenever a password is sent."""

    host: str
    port: int
    username: str = ""
    password: str = ""

    def deliver(self, message: EmailMessage) -> None:
        with smtplib.SMTP(self.host, self.port, timeout=CONNECT_SECONDS) as server:
            server.ehlo()
            if self.username or server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            if self.username:
                server.login(self.username, self.password)
            server.send_message(message)


def send(
    to: str, subject: str, text: str, html: str | None = None, enclosed: Sequence[Enclosure] = ()
) -> None:
    """Send one letter now: call it from an outbox job, never inside a transaction.

    Raises RuntimeError inside one. What is enclosed stays behind when all of it is bigger than
    MOST_ENCLOSED. A line break in `to` or `subject` raises ValueError (header injection).
    """
    refuse_inside()
    message = EmailMessage(policy=SMTP)
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = _message_id(current_app.config["MAIL_FROM"].rpartition("@")[2].rstrip(">"))
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    if sum(len(file.body) for file in enclosed) <= MOST_ENCLOSED:
        for file in enclosed:
            main, _slash, sub = file.kind.partition("/")
            message.add_attachment(file.body, maintype=main, subtype=sub, filename=file.name)
    mailer: Mailer = current_app.extensions["mailer"]
    mailer.deliver(message)


def _message_id(domain: str) -> str:
    """The same for a letter that a dead worker's job sends once more, so that its second copy is known."""
    mark = outbox.mark()
    return f"<{mark}@{domain}>" if mark else make_msgid(domain=domain)
