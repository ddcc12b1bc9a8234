"""SMTP without IO, from the server's side (RFC 5321): bytes in, replies out, and the messages that were handed over.

A message is handed over when its last line has come; then the session stands still until it is told what came of it:
`taken` or `refused`. A message that was taken counts, whether the client still hears the 250 or not, as with any
server. Everybody may sign in (RFC 4954), nothing is encrypted, every recipient is accepted.
"""

import email
import re
from dataclasses import dataclass
from email.policy import default
from typing import Literal

from hotfire.wire.generated import in_words

LIMIT = 1 << 25  # octets of one message
_ADDRESS = re.compile(r"(?:FROM|TO):\s*<?(?:@[^:>]*:)?(?P<address>[^>\s]*)>?", re.IGNORECASE)
_EXTENSIONS = ("PIPELINING", f"SIZE {LIMIT}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "AUTH PLAIN LOGIN")

GREETING = b"220 hotfire ESMTP\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message with its envelope; `content` as it was sent, without dot-stuffing."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A message as a border names it: `mail "Your order …" to 2 recipients`."""

    text: str
    signature: str
    executes: bool = True

    @classmethod
    def of(cls, message: Message) -> "Asked":
        """By its subject, without what is made up anew in each run, and the number of its recipients."""
        subject = email.message_from_bytes(message.content, policy=default).get("subject", "")
        words = in_words(" ".join(str(subject).split()))
        number = len(message.recipients)
        name = f'mail "{words}" to {number} recipient{"s" if number > 1 else ""}'
        return cls(text=name, signature=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a message: taken, and so sent, or refused in the words of `detail`."""

    outcome: Literal["ok", "error"]
    detail: str
    durable: bool


class Dialogue:
    """One session. `feed`, `taken` and `refused` answer what to write; `message` is handed over and not answered."""

    def __init__(self) -> None:
        self.message: Message | None = None
        self.ended = False
        self._buffer = b""
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._lines: list[bytes] | None = None
        self._secrets = 0  # lines of an AUTH exchange that are still to come

    def feed(self, data: bytes) -> bytes:
        """Take what came; what is to be written back."""
        self._buffer += data
        replies: list[bytes] = []
        while not self.ended and self.message is None and (end := self._buffer.find(b"\n")) >= 0:
            line, self._buffer = self._buffer[:end].removesuffix(b"\r"), self._buffer[end + 1 :]
            replies.append(self._line(line))
        return b"".join(replies)

    def taken(self) -> bytes:
        """The message is sent."""
        self.message = None
        return b"250 2.0.0 taken\r\n" + self.feed(b"")

    def refused(self, code: str, words: str) -> bytes:
        """It is not: a reply of 4yz ("try again") or 5yz ("never"); any other `code` is told as 451, a local error."""
        self.message = None
        reply = code if re.fullmatch("[45][0-5][0-9]", code) else "451"
        return f"{reply} {' '.join(words.split())}\r\n".encode() + self.feed(b"")

    def _line(self, line: bytes) -> bytes:
        if self._lines is not None:
            return self._content(line, self._lines)
        if self._secrets:
            self._secrets -= 1
            return b"334 UGFzc3dvcmQ6\r\n" if self._secrets else b"235 2.7.0 welcome\r\n"
        word, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
        return self._command(word.upper(), rest.strip())

    def _content(self, line: bytes, lines: list[bytes]) -> bytes:
        if line != b".":
            lines.append(line[1:] if line.startswith(b".") else line)
            return b""
        content = b"".join(each + b"\r\n" for each in lines)
        self.message = Message(sender=self._sender or "", recipients=tuple(self._recipients), content=content)
        self._reset()
        return b""

    def _command(self, word: str, rest: str) -> bytes:
        match word:
            case "EHLO":
                self._reset()
                return "".join(f"250-{line}\r\n" for line in ("hotfire", *_EXTENSIONS)).encode() + b"250 HELP\r\n"
            case "HELO" | "RSET":
                self._reset()
                return b"250 hotfire\r\n"
            case "MAIL" | "RCPT" | "DATA":
                return self._envelope(word, rest)
            case "AUTH":
                return self._sign_in(rest)
            case "NOOP" | "HELP":
                return b"250 2.0.0 ok\r\n"
            case "VRFY":
                return b"252 2.1.5 perhaps\r\n"
            case "QUIT":
                self.ended = True
                return b"221 2.0.0 bye\r\n"
            case _:
                return b"502 5.5.1 no such command here\r\n"

    def _envelope(self, word: str, rest: str) -> bytes:
        found = _ADDRESS.match(rest)
        match word:
            case "MAIL" if found and self._sender is None:
                self._sender = found["address"]
                return b"250 2.1.0 ok\r\n"
            case "RCPT" if found and found["address"] and self._sender is not None:
                self._recipients.append(found["address"])
                return b"250 2.1.5 ok\r\n"
            case "DATA" if self._recipients:
                self._lines = []
                return b"354 go on, end with a dot\r\n"
            case "MAIL" | "RCPT" if not found:
                return b"501 5.5.4 whose address?\r\n"
            case _:
                return b"503 5.5.1 first EHLO, MAIL, RCPT, then DATA\r\n"

    def _sign_in(self, rest: str) -> bytes:
        mechanism, _, initial = rest.partition(" ")
        match mechanism.upper():
            case "PLAIN" if initial:
                return b"235 2.7.0 welcome\r\n"
            case "PLAIN":
                self._secrets = 1
                return b"334 \r\n"
            case "LOGIN":
                self._secrets = 1 if initial else 2
                return b"334 UGFzc3dvcmQ6\r\n" if initial else b"334 VXNlcm5hbWU6\r\n"
            case _:
                return b"504 5.5.4 PLAIN or LOGIN\r\n"

    def _reset(self) -> None:
        self._sender, self._recipients, self._lines = None, [], None
