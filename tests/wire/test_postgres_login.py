"""The border's login by value: RFC 7677's own example, MD5, cleartext, and what cannot be done."""

import struct

import pytest

from hotfire.wire.postgres import AUTHENTICATION_OK
from hotfire.wire.postgres.login import Login, LoginRefusedError
from hotfire.wire.postgres.startup import message

READY = message(b"Z", b"I")


def asked(code: int, body: bytes = b"") -> bytes:
    return message(b"R", struct.pack("!I", code) + body)


def test_trust_passes_the_servers_word_on() -> None:
    login = Login("app", "secret", "nonce")
    assert login.server(AUTHENTICATION_OK + READY) == b""
    assert login.done
    assert login.rest == AUTHENTICATION_OK + READY


def test_cleartext() -> None:
    assert Login("app", "secret", "nonce").server(asked(3)) == message(b"p", b"secret\0")


def test_md5_as_the_manual_says() -> None:
    answer = Login("app", "secret", "nonce").server(asked(5, b"\1\2\3\4"))
    assert answer == message(b"p", b"md5911f527656472583a006e7727877b33e\0")


def test_scram_in_pieces() -> None:
    """RFC 7677 section 3, with the user name left out as PostgreSQL wants it: the server's proof is checked too."""
    login = Login("user", "pencil", "rOprNGfwEbeRWgbNEkqO")
    first = login.server(asked(10, b"SCRAM-SHA-256\0\0"))
    assert first.endswith(b"n,,n=,r=rOprNGfwEbeRWgbNEkqO")
    challenge = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    data = asked(11, challenge)
    assert login.server(data[:7]) == b""
    assert b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=" in login.server(data[7:])
    with pytest.raises(LoginRefusedError, match="did not prove"):
        login.server(asked(12, b"v=AAAA"))


def test_another_nonce_is_refused() -> None:
    login = Login("user", "pencil", "mine")
    login.server(asked(10, b"SCRAM-SHA-256\0\0"))
    with pytest.raises(LoginRefusedError, match="nonce"):
        login.server(asked(11, b"r=theirs,s=AAAA,i=1"))


def test_kerberos_is_named() -> None:
    with pytest.raises(LoginRefusedError, match="authentication 7"):
        Login("app", "secret", "nonce").server(asked(7))


def test_an_error_of_the_server_is_passed_on() -> None:
    login = Login("app", "secret", "nonce")
    refusal = message(b"E", b"SFATAL\0C28P01\0\0")
    assert login.server(refusal) == b""
    assert login.done
    assert login.rest == refusal
