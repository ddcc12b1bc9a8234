"""A mail that the service sent, as a person's function reads it: its texts, and the links in it."""

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from urllib.parse import urlsplit

from hotfire.errors import UsageError
from hotfire.worlds.stores.smtp.letter import Letter

_URL = re.compile(r"https?://[^\s<>\"'\\]+")
_AFTER = ".,;:!?)]}>'\""  # what stands behind a URL in a sentence and is none of it


class Mail:
    """One mail: `subject`, `text` (the plain part, else the words of the HTML one), `html`, `to`, and `link`."""

    def __init__(self, letter: Letter) -> None:
        self._letter = letter
        self.to = letter.recipients
        self.sender = letter.sender
        self.subject = letter.subject
        self.html = letter.html
        self.text = letter.text or _Page.of(letter.html).words

    def link(self, pattern: str = "") -> str:
        """The first link in which the pattern is found, without scheme and host: ready to be requested.

        Raises:
            UsageError: no link of the mail is so; its links are named.
        """
        links = list(dict.fromkeys(self._links()))
        found = next((link for link in links if re.search(pattern, link)), None)
        if found is None:
            raise UsageError(
                f"the mail {self._letter.says()} has no link like {pattern!r}",
                hint=f"its links are: {', '.join(links) or 'none'}",
            )
        parts = urlsplit(found)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def _links(self) -> Iterator[str]:
        yield from (found[0].rstrip(_AFTER) for found in _URL.finditer(self._letter.text))
        yield from _Page.of(self._letter.html).links


class _Page(HTMLParser):
    """The links and the words of a mail's HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self._texts: list[str] = []

    @classmethod
    def of(cls, html: str) -> "_Page":
        page = cls()
        page.feed(html)
        page.close()
        return page

    @property
    def words(self) -> str:
        return " ".join(" ".join(self._texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if tag == "a" and name == "href" and value]

    def handle_data(self, data: str) -> None:
        self._texts.append(data)


def newest(letters: Sequence[Letter], to: str, asked: str) -> Mail:
    """The last of the mails to this address (any, if empty); `asked` is how the person wrote it.

    Raises:
        UsageError: there is none.
    """
    own = [letter for letter in letters if not to or to.lower() in map(str.lower, letter.recipients)]
    if not own:
        there = "; ".join(letter.says() for letter in letters)
        hint = f"these came: {there}" if letters else "none came at all: does the service send it to {mail.host}?"
        raise UsageError(f"{asked}: the service has sent no such mail since the critical path began", hint=hint)
    return Mail(own[-1])
