"""Each secret is replaced by a stable name wherever it stands in what leaves a world (DESIGN §7).

    Bearer eyJhbGciOi…                     ‹token:author:1›            earned by a sign-in, numbered for each actor
    Bearer eyJhbGciOi…                     ‹earned:visitor:1›          earned in the path, by one who had nothing before
    {"password": "correct horse"}          ‹password:author›           typed into a body by this actor
    SECRET_KEY = "only-for-trials"         ‹environment:SECRET_KEY›    named by the configuration
    postgresql://app:s3cret@…              ‹environment:DATABASE_URL›  its password
    currency=EUR-2                         ‹value:author:2›            sent like a credential, and perhaps none

A password that is a mere word, or that protects nothing, is hidden only where it is told as a password. The names are
the same in every trial and world, so states still compare and a leak can still be told. What the world sends and
fast-forwards stays as it is; so do names of steps, points, tables and columns, by which trials are found.
"""

import base64
import binascii
import dataclasses
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar
from urllib.parse import quote, quote_plus, unquote, urlsplit

from hotfire.errors import HotfireError
from hotfire.model.call import Exchange
from hotfire.model.history import Baseline, History, LogLine, Reply, Row, RowChange, Undone
from hotfire.model.request import Request
from hotfire.model.step import Step
from hotfire.model.world import Mistake, Survey
from hotfire.worlds.driver.asked import Credentials

_SECRET_NAME = re.compile(r"PASSWORD|PASSWD|PWD|SECRET|TOKEN|CREDENTIAL|(^|_|API)KEY(_|$)", re.IGNORECASE)
_LEAST = 6  # characters: a shorter value ("4", "test") stands in too many texts that are no secret
_WORD = 12  # characters: letters alone, and fewer of them, may be a word of any text
_SCHEMES = re.compile(r"(?:Bearer|Basic|Token|ApiKey|JWT|Digest) +(?P<secret>\S.*)", re.IGNORECASE)

_CREDENTIAL = re.compile(r"auth|token|key|secret|session|sess|\bsid\b|jwt|remember|login", re.IGNORECASE)
_NO_CREDENTIAL = re.compile(r"csrf|xsrf", re.IGNORECASE)
_TOLD = r"(?:://[^\s:/@]*:|\b(?:pass(?:word|wd|phrase)?|pwd)[\"']?\s*[:=]\s*[\"']?)"
_COOKIE = re.compile(r"^(?P<name>[^=;]+)=[^;]{6,}")

_T = TypeVar("_T")


class Secrets:
    """The secrets of one world, and every value of the model without them."""

    def __init__(self, names: Mapping[str, str] | None = None, words: Mapping[str, str] | None = None) -> None:
        self._names = dict(names or {})
        self._words = dict(words or {})
        written = {way: name for secret, name in self._names.items() for way in _ways(secret)}
        longest_first = sorted(written, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if written else None
        self._written = written
        told = "|".join(re.escape(word) for word in sorted(self._words, key=len, reverse=True))
        self._told = re.compile(rf"(?i:(?P<before>{_TOLD}))(?P<word>{told})(?![\w-])") if told else None

    @classmethod
    def of_environment(cls, environment: Mapping[str, str], public: str = "") -> "Secrets":
        """The secrets of the service's environment; `public` is a password that protects nothing."""
        names: dict[str, str] = {}
        words: dict[str, str] = {}
        for name, value in environment.items():
            for secret in _environment_secrets(name, value):
                if secret == public:
                    words.setdefault(secret, f"‹environment:{name}›")
                elif len(secret) >= _LEAST:
                    kind = "value" if _is_word(secret) else "environment"
                    names.setdefault(secret, f"‹{kind}:{name}›")
        return cls(names, words)

    def earned_by(self, *moments: Mapping[str, Credentials]) -> "Secrets":
        """These, and the credentials that each actor had, by its name, in the order in which it earned them.

        What two of them have is nobody's own: a key that every client sends.
        """
        names, numbers = dict(self._names), Counter[str]()
        owners = Counter(secret for _, secret in {pair for moment in moments for pair in _owned(moment)})
        signed_in = {actor for actor, each in moments[0].items() if [*_sent(each)]} if moments else set[str]()
        for actor, credentials in (each for moment in moments for each in moment.items()):
            for name, secret in _sent(credentials):
                if len(secret) >= _LEAST and secret not in names:
                    numbers[actor] += 1
                    kind = "token" if actor in signed_in else "earned"
                    is_own = owners[secret] == 1 and _is_credential(name, secret)
                    names[secret] = f"‹{kind if is_own else 'value'}:{actor}:{numbers[actor]}›"
        return Secrets(names, self._words)

    def typed(self, passwords: Mapping[str, str]) -> "Secrets":
        """These, and the passwords that actors have typed: password → actor."""
        names, words = dict(self._names), dict(self._words)
        for password, actor in passwords.items():
            into = words if _is_word(password) or len(password) < _LEAST else names
            if password not in names:
                into.setdefault(password, f"‹password:{actor}›")
        return Secrets(names, words)

    def hide(self, text: str) -> str:
        """The text with a stable name in place of each secret."""
        if self._told and any(word in text for word in self._words):
            text = self._told.sub(lambda found: found["before"] + self._words[found["word"]], text)
        return self._pattern.sub(lambda found: self._written[found[0]], text) if self._pattern else text

    def error(self, error: HotfireError) -> HotfireError:
        """An error of ours, which may show lines of the service's log."""
        return type(error)(self.hide(error.problem), hint=self.hide(error.hint))

    # the values that leave a world

    def survey(self, survey: Survey) -> Survey:
        """A survey without secrets."""
        steps = tuple(map(self._step, survey.steps))
        return dataclasses.replace(survey, steps=steps, mistake=_if(survey.mistake, self.mistake))

    def baseline(self, baseline: Baseline) -> Baseline:
        """A baseline without secrets."""
        return dataclasses.replace(
            baseline,
            step=self._step(baseline.step),
            steps=tuple(map(self._step, baseline.steps)),
            clean=tuple(map(self.history, baseline.clean)),
            request=_if(baseline.request, self._request),
            document=self.hide(baseline.document),
            earlier=tuple(map(self._reply, baseline.earlier)),
            sent=tuple(map(self._request, baseline.sent)),
            proposals=tuple(each for each in baseline.proposals if self.hide(each.edit.value) == each.edit.value),
            objections=tuple(map(self.hide, baseline.objections)),
            taken={column: self.hide(value) for column, value in baseline.taken.items()},
        )

    def history(self, history: History) -> History:
        """A history without secrets."""
        if self._pattern is None and self._told is None:
            replies, final = (tuple(map(self._reply, each)) for each in (history.replies, history.final_replies))
            undone = _if(history.undone, self._undone)
            return dataclasses.replace(history, replies=replies, final_replies=final, undone=undone)
        return dataclasses.replace(
            history,
            replies=tuple(map(self._reply, history.replies)),
            state=tuple(map(self._change, history.state)),
            meanwhile=_if(history.meanwhile, lambda state: tuple(map(self._change, state))),
            exchanges=tuple(map(self._exchange, history.exchanges)),
            logs=tuple(map(self._line, history.logs)),
            opening=tuple(map(self._line, history.opening)),
            final=_if(history.final, lambda final: tuple(map(self._change, final))),
            final_replies=tuple(map(self._reply, history.final_replies)),
            mistake=self.hide(history.mistake),
            trouble=self.hide(history.trouble),
            undone=_if(history.undone, self._undone),
        )

    def mistake(self, mistake: Mistake) -> Mistake:
        """A mistake without secrets."""
        return dataclasses.replace(
            mistake,
            problem=self.hide(mistake.problem),
            hint=self.hide(mistake.hint),
            reply=_if(mistake.reply, self._reply),
            logs=tuple(map(self._line, mistake.logs)),
        )

    def _undone(self, undone: Undone) -> Undone:
        return dataclasses.replace(
            undone,
            state=tuple(map(self._change, undone.state)),
            replies=tuple(map(self._reply, undone.replies)),
            mistake=self.hide(undone.mistake),
            logs=tuple(map(self._line, undone.logs)),
        )

    def _step(self, step: Step) -> Step:
        return dataclasses.replace(step, target=self.hide(step.target))

    def _request(self, request: Request) -> Request:
        """A body that is no text keeps its bytes, but for those of a secret."""
        headers = tuple((name, self.hide(value)) for name, value in request.headers)
        body = request.body
        if not request.binary:
            body = self.hide(body)
        elif (hidden := self.hide(told := request.content.decode("latin-1"))) != told:
            body = base64.b64encode(hidden.encode("latin-1", "replace")).decode("ascii")
        return dataclasses.replace(request, target=self.hide(request.target), headers=headers, body=body)

    def _reply(self, reply: Reply) -> Reply:
        headers = tuple((name, self._header(name, value)) for name, value in reply.headers)
        body, cut, target = map(self.hide, (reply.body, reply.cut, reply.target))
        return dataclasses.replace(reply, headers=headers, body=body, cut=cut, target=target)

    def _header(self, name: str, value: str) -> str:
        """A cookie that is set in a trial is a secret that nobody has earned before."""
        hidden = self.hide(value)
        if name.lower() != "set-cookie" or hidden != value:
            return hidden
        return _COOKIE.sub(lambda found: f"{found['name']}=‹cookie:{found['name'].strip()}›", value, count=1)

    def _change(self, change: RowChange) -> RowChange:
        return dataclasses.replace(change, before=_if(change.before, self._row), after=_if(change.after, self._row))

    def _row(self, row: Row) -> Row:
        return {column: _if(value, self.hide) for column, value in row.items()}

    def _exchange(self, exchange: Exchange) -> Exchange:
        call = dataclasses.replace(exchange.call, text=self.hide(exchange.call.text))
        return dataclasses.replace(exchange, call=call, detail=self.hide(exchange.detail))

    def _line(self, line: LogLine) -> LogLine:
        return dataclasses.replace(line, text=self.hide(line.text))


def _if(value: _T | None, hide: Callable[[_T], _T]) -> _T | None:
    return None if value is None else hide(value)


def _environment_secrets(name: str, value: str) -> Iterator[str]:
    """The password of a URL, else the whole value where the name says that it is secret."""
    try:
        password = urlsplit(value).password
    except ValueError:  # no URL after all
        password = None
    if password:
        yield unquote(password)
    elif _SECRET_NAME.search(name):
        yield value


def _sent(credentials: Credentials) -> Iterator[tuple[str, str]]:
    """The header, or the cookie, and the secret that it carries."""
    yield from ((name, _bare(value)) for name, value in credentials.headers.items())
    yield from credentials.cookies.named()


def _owned(moment: Mapping[str, Credentials]) -> Iterator[tuple[str, str]]:
    """Each actor, and each secret that it has."""
    yield from ((actor, secret) for actor, credentials in moment.items() for _, secret in _sent(credentials))


def _is_credential(name: str, secret: str) -> bool:
    """Whether a header or a cookie carries what an actor is known by, and not its address, a language or a tenant."""
    if name.lower() == "authorization":
        return not _is_word(secret)
    called = bool(_CREDENTIAL.search(name)) and not _NO_CREDENTIAL.search(name)
    return called and any(map(str.isdigit, secret)) and not set("@ ") & set(secret)


def _is_word(secret: str) -> bool:
    """Whether a secret may stand in a text by chance: one short word, as "postgres"."""
    return secret.isalpha() and len(secret) < _WORD


def _bare(value: str) -> str:
    """A header's value without its scheme."""
    scheme = _SCHEMES.fullmatch(value)
    return scheme["secret"] if scheme else value


def _ways(secret: str) -> Iterator[str]:
    """How a secret may be written: as it is, in JSON, in a URL, in a form; and the password of Basic credentials."""
    yield from (secret, json.dumps(secret)[1:-1], quote(secret, safe=""), quote_plus(secret))
    try:
        name, colon, password = base64.b64decode(secret, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return
    if name and colon and len(password) >= _LEAST and not _is_word(password):
        yield password
