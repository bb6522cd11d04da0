"""A real SMTP server in this process, and what it was handed."""

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ports import free_port

ACCEPTED, TRY_LATER = "250 Message accepted", "451 Try again later"


@dataclass
class Mailbox:
    """Takes mail, after refusing as often as it is told to."""

    refusals: int = 0
    refused: int = 0
    kept: list[EmailMessage] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = Controller(self, hostname="127.0.0.1", port=free_port())
        self._server.start()
        self._is_open = True
        self.url = f"smtp://127.0.0.1:{self._server.port}?from=desk%40clinic.example"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """What the server does with a mail."""
        if self.refused < self.refusals:
            self.refused += 1
            return TRY_LATER
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.kept.append(message)
        return ACCEPTED

    def subjects(self) -> list[str]:
        """The subjects of the mails it has, in order."""
        return [str(each["Subject"]) for each in self.kept]

    def stop(self) -> None:
        """Close the server, if it is open."""
        if self._is_open:
            self._server.stop()
        self._is_open = False
