"""A cookie jar for one host (RFC 6265): what the service sets, and what the client sends back.

The only host is 127.0.0.1, which counts as secure, as in browsers. Nothing here asks what time it is: a cookie has
expired when its answer's own `Date` says so, or the same play would send other bytes an hour later.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

Key = tuple[str, str]
"""A cookie's name and path. Its domain is not asked: a service under test is the only host there is."""


@dataclass(slots=True, kw_only=True)
class Jar:
    """The cookies of one actor, in the order in which they were first set."""

    cookies: dict[Key, str] = field(default_factory=dict)

    def copy(self) -> "Jar":
        """Another jar with the same cookies."""
        return Jar(cookies=dict(self.cookies))

    def set(self, name: str, value: str, path: str = "/") -> None:
        """Put a cookie in; one of the same name and path is replaced."""
        self.cookies[name, path] = value

    def take(self, headers: Iterable[tuple[str, str]], target: str) -> None:
        """Do what the Set-Cookie headers of the answer to `target` say (section 5.3)."""
        known = list(headers)
        now = next((date for name, value in known if name.lower() == "date" and (date := _date(value))), None)
        for name, value in known:
            if name.lower() == "set-cookie":
                self._take(value, target, now)

    def _take(self, line: str, target: str, now: datetime | None) -> None:
        pair, *rest = line.split(";")
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            return
        attributes = {word.strip().lower(): text.strip() for word, _, text in (part.partition("=") for part in rest)}
        path = attributes.get("path", "")
        key = (name.strip(), path if path.startswith("/") else _default_path(target))
        if _expired(attributes, now):
            self.cookies.pop(key, None)
        else:
            self.cookies[key] = value.strip()

    def header(self, target: str) -> str:
        """The Cookie header for a request, longer paths first (section 5.4); empty for none."""
        path = target.partition("?")[0]
        fitting = [(key, value) for key, value in self.cookies.items() if _matches(path, key[1])]
        fitting.sort(key=lambda cookie: -len(cookie[0][1]))
        return "; ".join(f"{name}={value}" for (name, _), value in fitting)

    def named(self) -> Iterator[tuple[str, str]]:
        """Each cookie's name and value."""
        return ((name, value) for (name, _), value in self.cookies.items())

    def __iter__(self) -> Iterator[str]:
        return iter(self.cookies.values())


def jar_of(cookies: Mapping[str, str]) -> Jar:
    """A jar with these cookies, sent everywhere."""
    return Jar(cookies={(name, "/"): value for name, value in cookies.items()})


def _default_path(target: str) -> str:
    """Section 5.1.4: the request's folder."""
    return target.partition("?")[0].rpartition("/")[0] or "/"


def _matches(path: str, own: str) -> bool:
    """Section 5.1.4: the same, or above."""
    return path == own or path.startswith(own if own.endswith("/") else f"{own}/")


def _expired(attributes: Mapping[str, str], now: datetime | None) -> bool:
    """Max-Age goes before Expires (section 4.1.2.2)."""
    age = attributes.get("max-age", "")
    if age.lstrip("-").isdigit():
        return int(age) <= 0
    expires = _date(attributes.get("expires", ""))
    return expires is not None and expires <= (now or datetime.fromtimestamp(1, tz=UTC))


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text.replace("-", " "))
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
