"""Loads `launch/critical_paths.py`: in hotfire's Python, without importing the service."""

import difflib
import runpy
import traceback
from pathlib import Path

from hotfire.errors import HotfireError, UsageError
from hotfire.model.declaration import NOBODY, Declarations, collecting

TEMPLATE = """from hotfire import Actor, critical_path

@critical_path(
    owner="your team <team@example.org>",
    expected="What a user sees when it went well.",
    rollback="How this is taken back.",
)
def sign_up(nobody: Actor):
    nobody.post("/api/users", json={"email": nobody.unique("ann") + "@example.org"})
"""


def load(launch: Path) -> Declarations:
    """What the folder's critical_paths.py declares.

    Raises:
        UsageError: there is no such file, it cannot be run, it declares nothing, or a path or an undo asks for what is
            not there.
    """
    file = launch / "critical_paths.py"
    if not file.is_file():
        raise UsageError(f"there is no {file}", hint=f"write your first critical path there:\n\n{TEMPLATE}")
    with collecting(str(file)) as declarations:
        try:
            runpy.run_path(str(file), run_name="critical_paths")
        except (HotfireError, KeyboardInterrupt):
            raise
        except BaseException as error:  # a person's file may raise anything at all, SystemExit too
            raise UsageError(f"{_where(error, file)}: {type(error).__name__}: {error}", hint=_HINT) from error
    if not declarations.paths:
        raise UsageError(f"{file} declares no critical path", hint=f"write one:\n\n{TEMPLATE}")
    _know_actors(declarations)
    _know_undone(declarations)
    return declarations


_HINT = "critical_paths.py runs in hotfire's Python, before any request; it must not import the service"


def _where(error: BaseException, file: Path) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
    return f"{file}:{lines[-1]}" if lines else str(file)


def _know_actors(declarations: Declarations) -> None:
    """An actor without a sign-in is anonymous; one that is nearly the name of another is a slip of the pen."""
    known = [NOBODY, *declarations.sign_ins]
    for path in declarations.paths.values():
        for actor in path.value.actors:
            near = difflib.get_close_matches(actor, known, n=1, cutoff=0.75)
            if actor not in known and near and actor != near[0]:
                raise UsageError(
                    f"{path.value.file}:{path.value.line}: {path.value.name} asks for an unknown actor {actor!r}",
                    hint=f"did you mean {near[0]!r}? Declare an actor with @sign_in def {actor}(nobody): …",
                )
    for sign_in in declarations.sign_ins.values():
        if sign_in.like and sign_in.like not in declarations.sign_ins:
            raise UsageError(
                f"{declarations.file}: @sign_in(like={sign_in.like!r}) of {sign_in.actor}: there is no such actor",
                hint=f"declared are: {', '.join(declarations.sign_ins)}",
            )


def _know_undone(declarations: Declarations) -> None:
    """What an undo asks for is an actor with a sign-in, or a local variable of the path: else nobody can give it."""
    actors = [NOBODY, *declarations.sign_ins]
    for path in declarations.paths.values():
        undoing = path.undoing
        for name in undoing.parameters if undoing else ():
            if undoing and name not in path.local_names and name not in actors:
                there = ", ".join(sorted({*path.local_names, *actors}))
                raise UsageError(
                    f"{undoing.file}:{undoing.line}: {undoing.name} asks for {name!r}, which is neither an actor nor a "
                    f"local variable of {path.value.name}",
                    hint=f"name one of {there}; or keep it in the path: {name} = …",
                )
