"""A mail server on this machine that keeps what it gets."""

import contextlib
import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.server import listen


@dataclass
class Mailbox:
    """Where the server listens and what has arrived."""

    host: str = "127.0.0.1"
    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    refuse: str = ""  # an SMTP answer such as "451 later" instead of taking the letter

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.refuse:
            return self.refuse
        self.letters.append(parse(envelope.original_content or b""))
        return "250 taken"


@contextlib.contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Run a mail server on a free port until the block ends."""
    with listen() as taken:
        mailbox = Mailbox(port=taken.getsockname()[1])
    controller = Controller(mailbox, hostname=mailbox.host, port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def parse(content: bytes) -> EmailMessage:
    """Read a letter as a mail program would."""
    return email.message_from_bytes(content, policy=email.policy.default)


def letters_in(folder: Path) -> list[EmailMessage]:
    """Return the letters that the shop wrote as files, oldest first."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [parse(file.read_bytes()) for file in files]
