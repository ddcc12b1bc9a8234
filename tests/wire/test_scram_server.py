"""The server's side of SCRAM by value: RFC 7677's own example, cut anywhere; channel binding; what is refused."""

import base64
import hashlib
import hmac
import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfire.wire.postgres.login import Login
from hotfire.wire.postgres.scram_server import PasswordCheck, PasswordRefusedError, Verifier
from hotfire.wire.postgres.startup import message

SALT = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
PENCIL = Verifier.of("pencil", SALT)
NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
FIRST = b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
CHALLENGE = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
FINAL = b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
PROOF = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
END_POINT = hashlib.sha256(b"a certificate").digest()


def initial(first: bytes, mechanism: bytes = b"SCRAM-SHA-256") -> bytes:
    return message(b"p", mechanism + b"\0" + struct.pack("!I", len(first)) + first)


def told(code: int, body: bytes) -> bytes:
    return message(b"R", struct.pack("!I", code) + body)


@given(st.lists(st.integers(0, 300), max_size=4))
def test_the_example_of_rfc_7677_section_3_in_pieces(cuts: list[int]) -> None:
    check = PasswordCheck(PENCIL, NONCE)
    assert check.begin() == told(10, b"SCRAM-SHA-256\0\0")
    said = initial(FIRST) + message(b"p", FINAL) + b"what comes after"
    places = [0, *sorted(min(cut, len(said) - 16) for cut in cuts), len(said)]
    answers = b"".join(check.client(said[here:there]) for here, there in pairwise(places))
    assert answers == told(11, CHALLENGE) + told(12, PROOF)
    assert check.done
    assert check.rest == b"what comes after"


def test_the_borders_own_login_and_its_own_check_agree() -> None:
    login, check = Login("app", "0a1b2c", "mine"), PasswordCheck(Verifier.of("0a1b2c", b"salt"), "theirs")
    assert check.client(login.server(check.client(login.server(check.begin())))).startswith(b"R")
    assert check.done


def test_another_password_is_refused() -> None:
    check = PasswordCheck(Verifier.of("pen", SALT), NONCE)
    check.client(initial(FIRST))
    with pytest.raises(PasswordRefusedError, match="password authentication failed"):
        check.client(message(b"p", FINAL))
    assert not check.done


@pytest.mark.parametrize("proof", [b"", b"AAAA", b"no base64"])
def test_a_proof_that_is_none_is_refused(proof: bytes) -> None:
    check = PasswordCheck(PENCIL, NONCE)
    check.client(initial(FIRST))
    with pytest.raises(ValueError, match=r"password|base64|padding|Base64"):
        check.client(message(b"p", FINAL.partition(b",p=")[0] + b",p=" + proof))


def bound(certificate: bytes) -> bytes:
    """What a client says last over a channel with this certificate."""
    header = base64.b64encode(b"p=tls-server-end-point,," + certificate)
    without = b"c=" + header + b",r=mine" + NONCE.encode()
    challenge = b"r=mine" + NONCE.encode() + CHALLENGE[CHALLENGE.index(b",s=") :]
    signed = b",".join([b"n=,r=mine", challenge, without])
    salted = hashlib.pbkdf2_hmac("sha256", b"pencil", SALT, 4096)
    key = hmac.new(salted, b"Client Key", hashlib.sha256).digest()
    signature = hmac.new(hashlib.sha256(key).digest(), signed, hashlib.sha256).digest()
    return without + b",p=" + base64.b64encode(bytes(a ^ b for a, b in zip(key, signature, strict=True)))


def test_the_exchange_is_bound_to_its_channel() -> None:
    """RFC 5802 section 6: a proof that was made for another certificate is worth nothing."""
    for certificate, good in ((END_POINT, True), (hashlib.sha256(b"another").digest(), False)):
        check = PasswordCheck(PENCIL, NONCE, END_POINT)
        assert check.begin() == told(10, b"SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0")
        check.client(initial(b"p=tls-server-end-point,,n=,r=mine", b"SCRAM-SHA-256-PLUS"))
        if good:
            assert check.client(message(b"p", bound(certificate))).startswith(b"R")
        else:
            with pytest.raises(PasswordRefusedError, match="another channel"):
                check.client(message(b"p", bound(certificate)))


def test_a_client_that_was_told_of_no_binding_is_refused() -> None:
    with pytest.raises(PasswordRefusedError, match="was not offered, though it was"):
        PasswordCheck(PENCIL, NONCE, END_POINT).client(initial(b"y,,n=,r=mine"))
    assert PasswordCheck(PENCIL, NONCE).client(initial(b"y,,n=,r=mine"))


@pytest.mark.parametrize(
    "said",
    [
        initial(FIRST, b"SCRAM-SHA-1"),
        initial(b"p=tls-unique,,n=,r=mine", b"SCRAM-SHA-256-PLUS"),
        initial(b"p=tls-server-end-point,,n=,r=mine", b"SCRAM-SHA-256-PLUS"),
        initial(b"n,,n=user"),
        initial(b""),
        message(b"p", b"a password in clear\0"),
        message(b"Q", b"SELECT 1\0"),
    ],
)
def test_what_is_no_scram_of_ours_is_refused(said: bytes) -> None:
    with pytest.raises(ValueError, match=r"offered|read|response|expected"):
        PasswordCheck(PENCIL, NONCE).client(said)
