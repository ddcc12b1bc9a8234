"""What the processes of a service said and how they ended: since a step was armed, and from their start until then."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from hotfire.model.history import Exit, LogLine

_IMPORT = "import"
"""The process in whose name the lines stand that the import of the application wrote, in the zygote."""


@dataclass(slots=True, kw_only=True)
class Journal:
    """`zero` is the loop's time at which the step was armed; 0 before a first one is. `opening` came before it."""

    zero: float = 0.0
    opening: list[LogLine] = field(default_factory=list)
    logs: list[LogLine] = field(default_factory=list)
    exits: list[Exit] = field(default_factory=list)

    def hear(self, process: str, text: str, at: float) -> None:
        """Keep a line that was read at this time of the loop."""
        self.logs.append(LogLine(process=process, text=text, at=at - self.zero))

    def armed(self, zero: float, imported: Iterable[str]) -> "Journal":
        """The journal of the next step; that of the first one after a start has what was said until then."""
        if self.zero:
            return Journal(zero=zero)
        said = [replace(line, at=line.at - zero) for line in self.logs]
        return Journal(zero=zero, opening=[*(LogLine(process=_IMPORT, text=text, at=0.0) for text in imported), *said])
