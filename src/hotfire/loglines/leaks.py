"""Secrets that stand in a text: by the stable names that a world puts in their place, and passwords in URLs.

    ‹token:author:1›      earned by a sign-in          ‹password:author›          typed into a form or another body
    ‹earned:visitor:1›    earned inside of the path    ‹environment:SECRET_KEY›   given to the service

A name of the kind ‹value:…› is of a text too common to be told from another one: it counts only as a URL's password.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_NAME = re.compile(r"‹(?P<kind>token|earned|password|environment):(?P<owner>[^:›]+)[^›]*›")
_URL = re.compile(  # bounded: a line of 64 KB may be anything
    r"\b(?P<scheme>[a-z][a-z0-9+.-]{0,30})://(?P<user>[^\s:/@'\"‹›]{0,200}):(?P<password>[^\s/@'\"]{1,500})"
    r"@(?P<host>[^\s/'\":?@]{1,253})"
)
_MASKED = re.compile(r"[*x.•…]+|[<\[{%$].*|(?:pass(?:word|wd)?|pwd|secret|redacted|hidden|masked)", re.IGNORECASE)
_WORDS = r"PASSWORD|PASSWD|PWD|SECRET|TOKEN|CREDENTIAL|KEY"
_NAMES_SECRET = re.compile(rf"(?:{_WORDS})S?(?:_BASE)?$", re.IGNORECASE)
_PUBLIC = re.compile(r"PUBLIC|PUBLISHABLE|SITE_?KEY|CLIENT_?KEY", re.IGNORECASE)
_SPEAKS = re.compile(_WORDS, re.IGNORECASE)
_ISSUED = re.compile(r"\"(?P<name>\w+)\"\s*:\s*\"(?P<value>[^\s\"\\‹›]{16,})\"")
_TOKENS = {"token", "accesstoken", "refreshtoken", "idtoken", "authtoken", "sessiontoken", "apitoken", "apikey", "jwt"}
_SHOWN = 60  # characters on either side of a secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A secret in a text. `owner` is an actor, or a variable of the environment; `excerpt` what stands around it."""

    kind: str
    owner: str
    excerpt: str

    @property
    def says(self) -> str:
        """Whose secret it is, in the user's words."""
        match self.kind:
            case "environment" if _SPEAKS.search(self.owner):
                return f"the service's {self.owner}"
            case "environment":
                return f"the password in {self.owner}"
            case "url":
                return f"the password of a connection to {self.owner}"
            case "password":
                return f"the password of {self.owner}"
            case _:
                return f"the token of {self.owner}"


def leaks_in(text: str, issued: Mapping[str, str] | None = None) -> Iterator[Leak]:
    """Every secret that stands in a text; `issued` are tokens without a name, each with the actor that it is for."""
    for token, actor in (issued or {}).items():
        if token in text:
            around = _around(text, text.index(token), len(token)).replace(token, "‹token›")
            yield Leak(kind="token", owner=actor, excerpt=around)
    for found in _NAME.finditer(text) if "‹" in text else ():
        if found["kind"] != "environment" or is_secret(found["owner"]):
            around = _around(text, found.start(), len(found[0]))
            yield Leak(kind=found["kind"], owner=found["owner"], excerpt=around)
    for found in _URL.finditer(text) if "://" in text else ():
        if not _MASKED.fullmatch(found["password"]) and not _NAME.search(found["password"]):
            around = _around(text, found.start(), len(found[0])).replace(f":{found['password']}@", ":‹password›@")
            yield Leak(kind="url", owner=found["host"], excerpt=around)


def tokens_in(body: str) -> Iterator[str]:
    """The tokens that a JSON answer issues: long texts in fields that are called so."""
    if "{" not in body:
        return
    for found in _ISSUED.finditer(body):
        if found["name"].replace("_", "").lower() in _TOKENS and not found["value"].startswith("http"):
            yield found["value"]


def is_secret(variable: str) -> bool:
    """Whether a variable of the environment is a secret: named as one, or a URL whose password was hidden."""
    if _PUBLIC.search(variable):
        return False
    return bool(_NAMES_SECRET.search(variable)) or is_password(variable)


def is_password(variable: str) -> bool:
    """Whether what was hidden of a variable of the environment is the password of a URL, not its whole value."""
    return not _SPEAKS.search(variable)


def _around(text: str, start: int, length: int) -> str:
    begin, end = max(0, start - _SHOWN), min(len(text), start + length + _SHOWN)
    cut = text[begin:end].replace("\n", " ")
    return f"{'…' if begin else ''}{cut}{'…' if end < len(text) else ''}"
