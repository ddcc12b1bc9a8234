"""Passwords (scrypt) and bearer tokens (HMAC-SHA256 over the user's id and the expiry)."""

import base64
import hashlib
import hmac
import json
import os
import time

from alphanode.refusals import Unauthenticated
from alphanode.settings import settings


def hash_password(password: str) -> str:
    """Hash a password as `cost$salt$hash`, the latter two in hexadecimal."""
    salt = os.urandom(16)
    return f"{settings.password_cost}${salt.hex()}${_scrypt(password, salt, settings.password_cost).hex()}"


def password_matches(password: str, stored: str) -> bool:
    """Tell whether a password is the one whose hash is stored."""
    cost, salt, expected = stored.split("$")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt), int(cost)), bytes.fromhex(expected))


def issue_token(user_id: int) -> str:
    """Make a token for a user, good for the settings' lifetime."""
    claims = json.dumps({"sub": user_id, "exp": int(time.time()) + settings.token_lifetime})
    payload = base64.urlsafe_b64encode(claims.encode()).decode().rstrip("=")
    return f"{payload}.{_sign(payload)}"


def read_token(token: str) -> int:
    """Return the user's id of a token; Unauthenticated if it is forged or too old."""
    payload, _, signature = token.partition(".")
    if not hmac.compare_digest(signature.encode(), _sign(payload).encode()):
        raise Unauthenticated("This token is not ours.")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if claims["exp"] < time.time():
        raise Unauthenticated("This token has expired; sign in again.")
    return int(claims["sub"])


def _scrypt(password: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**cost, r=8, p=1, dklen=32)


def _sign(payload: str) -> str:
    return hmac.new(settings.secret_key.encode(), payload.encode(), hashlib.sha256).hexdigest()
