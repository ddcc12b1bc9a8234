"""SMTP as transcripts: what a client sends, what it is answered, and what counts as handed over."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfire.wire.smtp import Asked, Dialogue, Message

SESSION = (
    b"EHLO shop\r\n"
    b"AUTH PLAIN AGFubgBzM2NyM3Q=\r\n"
    b"MAIL FROM:<shop@example.org> SIZE=120 BODY=8BITMIME\r\n"
    b"RCPT TO:<ann@example.org>\r\n"
    b"rcpt to:<@relay.example:bob@example.org>\r\n"
    b"DATA\r\n"
    b"Subject: Hello\r\n\r\nYou\r\n..won\r\n.\r\n"
    b"QUIT\r\n"
)
MESSAGE = Message(
    sender="shop@example.org",
    recipients=("ann@example.org", "bob@example.org"),
    content=b"Subject: Hello\r\n\r\nYou\r\n.won\r\n",
)


class Taking:
    """A server that takes what is handed over."""

    def __init__(self) -> None:
        self.dialogue = Dialogue()
        self.messages: list[Message] = []

    def feed(self, data: bytes) -> bytes:
        said = self.dialogue.feed(data)
        while self.dialogue.message:
            self.messages.append(self.dialogue.message)
            said += self.dialogue.taken()
        return said


def codes(replies: bytes) -> list[int]:
    return [int(line[:3]) for line in replies.splitlines() if line[3:4] == b" "]


def test_a_session_hands_a_message_over() -> None:
    server = Taking()
    assert codes(server.feed(SESSION)) == [250, 235, 250, 250, 250, 354, 250, 221]
    assert server.messages == [MESSAGE]
    assert server.dialogue.ended


@given(st.lists(st.integers(0, len(SESSION)), max_size=12))
def test_however_the_stream_is_cut_it_says_the_same(cuts: list[int]) -> None:
    whole, dialogue, said = Taking(), Taking(), b""
    places = [0, *sorted(cuts), len(SESSION)]
    for begin, end in pairwise(places):
        said += dialogue.feed(SESSION[begin:end])
    assert said == whole.feed(SESSION)
    assert dialogue.messages == [MESSAGE]


def test_a_message_without_its_last_line_was_not_sent() -> None:
    dialogue = Dialogue()
    dialogue.feed(SESSION.partition(b"\r\n.\r\n")[0])
    assert dialogue.message is None


def test_a_message_that_is_handed_over_stops_the_session_until_it_is_answered() -> None:
    dialogue = Dialogue()
    assert codes(dialogue.feed(SESSION)) == [250, 235, 250, 250, 250, 354]
    assert dialogue.message == MESSAGE
    assert dialogue.feed(b"") == b""
    assert dialogue.refused("452", "no\r\nroom").splitlines() == [b"452 no room", b"221 2.0.0 bye"]


def test_a_refusal_in_another_protocols_words_is_a_local_error() -> None:
    dialogue = Dialogue()
    dialogue.feed(SESSION.partition(b"QUIT")[0])
    assert dialogue.refused("57P01", "shutting down") == b"451 shutting down\r\n"


def test_a_mail_is_named_by_its_subject_without_what_is_made_up() -> None:
    content = b"Subject: =?utf-8?q?Caf=C3=A9?=;\r\n order order3f9c1a7b21\r\n\r\nYou\r\n"
    asked = Asked.of(Message(sender="", recipients=("ann@example.org",), content=content))
    assert asked.signature == 'mail "Café, order …" to 1 recipient'
    assert Asked.of(Message(sender="", recipients=("a", "b"), content=b"x")).text == 'mail "" to 2 recipients'


def test_several_messages_of_one_session() -> None:
    server = Taking()
    server.feed(SESSION.replace(b"QUIT\r\n", b"") + SESSION)
    assert server.messages == [MESSAGE, MESSAGE]


@pytest.mark.parametrize(
    ("lines", "answered"),
    [
        (b"RCPT TO:<ann@example.org>\r\n", [503]),
        (b"MAIL FROM:<a@b.example>\r\nDATA\r\n", [250, 503]),
        (b"MAIL ann\r\n", [501]),
        (b"MAIL FROM:<>\r\nRCPT TO:<ann@example.org>\r\nRSET\r\nDATA\r\n", [250, 250, 250, 503]),
        (b"STARTTLS\r\nNOOP\r\nVRFY ann\r\n", [502, 250, 252]),
        (b"AUTH LOGIN\r\nYW5u\r\nczNjcjN0\r\nAUTH CRAM-MD5\r\n", [334, 334, 235, 504]),
        (b"AUTH PLAIN\r\nAGFubgBzM2NyM3Q=\r\nNOOP\r\n", [334, 235, 250]),
        (b"QUIT\r\nNOOP\r\n", [221]),
    ],
)
def test_what_is_out_of_turn_is_refused(lines: bytes, answered: list[int]) -> None:
    assert codes(Dialogue().feed(lines)) == answered
