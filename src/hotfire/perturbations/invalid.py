"""One place of the request is wrong: a value that the service should refuse, or take without harm."""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.edit import read
from hotfire.model.perturbation import Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Invalid:
    """The step's request, with optional places filled in and one place wrong.

    `edits` are all of these as `hotfire.model.edit.written` writes them, the wrong one last; `place` names it,
    `keyword` says in which way it is wrong ("" where nothing is: the request as it was filled in), `sentence` says it
    to a person. `proven`: the service's own document says that it is invalid. `taken`: the wrong value is one that
    another row already has in this column ("store.table.column"), which only the world knows.
    """

    kind: ClassVar[str] = "invalid"
    shares: ClassVar[bool] = True
    edits: str
    sentence: str
    place: str = ""
    keyword: str = ""
    proven: bool = False
    taken: str = ""

    @property
    def is_reference(self) -> bool:
        """Where nothing is wrong, the wrong ones are judged against it."""
        return not self.keyword

    def requests(self, step: Step) -> tuple[Send, ...]:
        """The changed request, once: a client does not repeat what it did wrong."""
        del step
        return (Send(retry=False, edits=read(self.edits), taken=self.taken),)

    def says(self) -> str:
        """In the user's words."""
        return self.sentence
