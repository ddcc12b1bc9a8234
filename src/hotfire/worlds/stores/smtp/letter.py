"""A mail as it was sent: its envelope (RFC 5321) and what a reader sees of its message (RFC 5322, MIME)."""

import email
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default

from hotfire.model.history import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail. `recipients` are the envelope's, so that Bcc counts; texts have plain newlines.

    `text` is the plain part and `html` the other, either may be empty; `attachments` are told by name, type and hash.
    Two that are equal with their `message_id` are one mail, sent again (RFC 5322, section 3.6.4).
    """

    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str = ""
    attachments: tuple[str, ...] = ()
    message_id: str = ""

    @classmethod
    def of_bytes(cls, sender: str, recipients: Sequence[str], content: bytes) -> "Letter":
        """Read a message; what is not MIME is all text."""
        message = email.message_from_bytes(content, policy=default)
        return cls(
            sender=sender,
            recipients=tuple(sorted(recipients)),
            subject=" ".join(str(message.get("subject", "")).split()),
            text=_body(message, "plain"),
            html=_body(message, "html"),
            attachments=tuple(_attachments(message)),
            message_id=str(message.get("message-id", "")).strip(),
        )

    def row(self) -> Row:
        """The mail as the oracle compares it; Date and Message-ID are new in each, and are left out."""
        return {
            "from": self.sender,
            "to": ", ".join(self.recipients),
            "subject": self.subject,
            "body": self.text or self.html,
            "html": self.html if self.text and self.html else None,
            "attachments": "; ".join(self.attachments) or None,
        }

    def says(self) -> str:
        """The mail in a few words: `"Welcome" to ann@example.org`."""
        return f'"{self.subject}" to {", ".join(self.recipients)}'


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, UnicodeDecodeError):  # a charset that nobody knows
        text = bytes(part.get_payload(decode=True) or b"").decode(errors="replace")
    return text.replace("\r\n", "\n").strip()


def _attachments(message: EmailMessage) -> Iterator[str]:
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        digest = hashlib.sha256(content if isinstance(content, bytes) else bytes(part)).hexdigest()
        yield f"{part.get_filename() or 'unnamed'} ({part.get_content_type()}, sha256 {digest[:12]})"
