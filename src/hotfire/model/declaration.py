"""What a person writes in `launch/critical_paths.py`: sign-ins, set-up and critical paths, collected as values."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import overload

from hotfire.errors import UsageError
from hotfire.model.step import CriticalPath

Function = Callable[..., object]

NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """How an actor gets credentials. `like` names the actor whose role it shares."""

    actor: str
    function: Function | None
    like: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """How a critical path is taken back. Each parameter is an actor, or a local variable of the path's function."""

    name: str
    function: Function
    file: str
    line: int

    @property
    def parameters(self) -> tuple[str, ...]:
        """What it must be given: parameters with a default of their own are left to it."""
        parameters = inspect.signature(self.function).parameters.values()
        return tuple(each.name for each in parameters if each.default is each.empty)


@dataclass(slots=True, kw_only=True)
class DeclaredPath:
    """A critical path with its function, and with its undo where there is one."""

    value: CriticalPath
    function: Function
    undoing: Undo | None = None

    @property
    def local_names(self) -> frozenset[str]:
        """The local variables of the path's function, its actors among them."""
        code = inspect.unwrap(self.function).__code__
        return frozenset((*code.co_varnames, *code.co_cellvars))

    @property
    def actors(self) -> tuple[str, ...]:
        """All who sign in before the path: its own actors, then those whom its undo alone asks for."""
        asked = self.undoing.parameters if self.undoing else ()
        return (*self.value.actors, *(name for name in asked if name not in self.local_names))

    @overload
    def undo(self, function: Function, /) -> Function: ...
    @overload
    def undo(self, /, *, keeps: Sequence[str] = ()) -> Callable[[Function], Function]: ...

    def undo(
        self, function: Function | None = None, /, *, keeps: Sequence[str] = ()
    ) -> Function | Callable[[Function], Function]:
        """Declare the rollback, to be proven: played after the path, the state must be the one before.

        `keeps` names what it leaves on purpose: a table ("drafts"), a column ("posts.version") or a dependency.

        Raises:
            UsageError: the path has an undo already, or `keeps` is no list of names.
        """

        def declare(function: Function) -> Function:
            code = inspect.unwrap(function).__code__
            where = f"{code.co_filename}:{code.co_firstlineno}"
            if self.undoing:
                raise UsageError(
                    f"{where}: {self.value.name} has two undos, {self.undoing.name} and {code.co_name}",
                    hint="write one function that takes all of the path back",
                )
            _check_plain(function)
            if isinstance(keeps, str) or not all(isinstance(name, str) and name.strip() for name in keeps):
                raise UsageError(
                    f"{where}: keeps={keeps!r} is no list of names",
                    hint=f'name tables, columns or dependencies: @{self.value.name}.undo(keeps=["drafts"])',
                )
            self.undoing = Undo(name=code.co_name, function=function, file=code.co_filename, line=code.co_firstlineno)
            self.value = replace(self.value, undo=code.co_name, keeps=tuple(keeps))
            return function

        return declare(function) if function else declare


@dataclass(slots=True, kw_only=True)
class Declarations:
    """All that one critical_paths.py declares, in its order."""

    file: str = "critical_paths.py"
    paths: dict[str, DeclaredPath] = field(default_factory=dict)
    sign_ins: dict[str, SignIn] = field(default_factory=dict)
    setups: list[Function] = field(default_factory=list)

    def sign_in_of(self, actor: str) -> SignIn | None:
        """The sign-in of an actor; a peer without a function of its own signs in as the actor whose role it shares."""
        return self.sign_ins.get(actor)

    @property
    def actors(self) -> tuple[str, ...]:
        """Everybody whom a critical path can ask for or who signs in, and nobody."""
        asked = (actor for path in self.paths.values() for actor in path.value.actors)
        return tuple(dict.fromkeys((NOBODY, *self.sign_ins, *asked)))

    def peers(self, actor: str) -> tuple[str, ...]:
        """The other actors of the same role, in the order of their declaration."""
        role = self._role(actor)
        return tuple(name for name in self.sign_ins if name != actor and self._role(name) == role)

    def _role(self, actor: str) -> str:
        sign_in = self.sign_ins.get(actor)
        return sign_in.like if sign_in and sign_in.like else actor


_COLLECTING: ContextVar[Declarations | None] = ContextVar("hotfire_declarations", default=None)


@contextmanager
def collecting(file: str) -> Iterator[Declarations]:
    """Collect what is declared inside the block."""
    declarations = Declarations(file=file)
    token = _COLLECTING.set(declarations)
    try:
        yield declarations
    finally:
        _COLLECTING.reset(token)


def _declarations() -> Declarations:
    return _COLLECTING.get() or Declarations()


@overload
def sign_in(function: Function, /) -> Function: ...
@overload
def sign_in(*, like: str) -> Callable[[Function], Function]: ...


def sign_in(function: Function | None = None, /, *, like: str = "") -> Function | Callable[[Function], Function]:
    """Declare how the actor of this name gets its credentials: the function returns headers, or sets cookies."""

    def declare(function: Function) -> Function:
        name = getattr(function, "__name__", "")
        _check_plain(function)
        _declarations().sign_ins[name] = SignIn(actor=name, function=function, like=like)
        return function

    return declare(function) if function else declare


def setup(function: Function) -> Function:
    """Declare something to do once before all sign-ins, such as an administrator making the accounts."""
    _check_plain(function)
    _declarations().setups.append(function)
    return function


def critical_path(
    *,
    owner: str = "",
    expected: str = "",
    rollback: str = "",
    deadline: float = 5.0,
    degraded: dict[str, int] | None = None,
    probe: bool = False,
) -> Callable[[Function], DeclaredPath]:
    """Declare a critical path: its happy path, who owns it, what is expected and how it is rolled back.

    Raises:
        UsageError: owner, expected or rollback is empty, another argument cannot be meant, or it is no plain function.
    """

    def declare(function: Function) -> DeclaredPath:
        where = inspect.unwrap(function).__code__
        name = where.co_name
        _require(name, where.co_filename, where.co_firstlineno, owner=owner, expected=expected, rollback=rollback)
        _check_plain(function)
        _check_settings(f"{where.co_filename}:{where.co_firstlineno}: {name}", deadline, degraded)
        value = CriticalPath(
            name=name,
            owner=owner,
            expected=expected,
            rollback=rollback,
            actors=tuple(inspect.signature(function).parameters),
            deadline=deadline,
            degraded=degraded or {},
            probe=probe,
            file=where.co_filename,
            line=where.co_firstlineno,
        )
        declared = DeclaredPath(value=value, function=function)
        _declarations().paths[name] = declared
        return declared

    return declare


_EXAMPLES = {
    "owner": 'owner="content team <content@example.org>"',
    "expected": 'expected="The article is public as soon as the editor approves it."',
    "rollback": 'rollback="Unpublish: POST /api/posts/{id}/unpublish. The draft is kept."',
}


def _require(name: str, file: str, line: int, **texts: str) -> None:
    missing = [word for word, text in texts.items() if not text.strip()]
    if missing:
        raise UsageError(
            f"{file}:{line}: the critical path {name} has no {' and no '.join(missing)}",
            hint=f"write @critical_path(…, {', '.join(_EXAMPLES[word] for word in missing)})",
        )


_VARYING = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}


def _check_plain(function: Function) -> None:
    """Refuse what would run nothing when it is called, and parameters of which nobody can know what they are."""
    code = inspect.unwrap(function).__code__
    where = f"{code.co_filename}:{code.co_firstlineno}: {code.co_name}"
    if code.co_flags & (inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR):
        raise UsageError(f"{where} is no plain function", hint="write def, without async and yield: its requests wait")
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in _VARYING:
            raise UsageError(
                f"{where} asks for *{name}", hint="name each actor: def buy(customer: Actor, nobody: Actor)"
            )


def _check_settings(where: str, deadline: object, degraded: object) -> None:
    if isinstance(deadline, bool) or not isinstance(deadline, int | float) or not deadline > 0:
        raise UsageError(f"{where} has deadline={deadline!r}", hint="write seconds, more than none: deadline=5.0")
    declared = degraded if isinstance(degraded, dict) else {}
    wrong = [name for name, status in declared.items() if not isinstance(name, str) or type(status) is not int]
    if wrong or not isinstance(degraded, dict | None):
        hint = 'write the status that is right while a dependency fails, by its name: degraded={"redis": 200}'
        raise UsageError(f"{where} has degraded={degraded!r}", hint=hint)
