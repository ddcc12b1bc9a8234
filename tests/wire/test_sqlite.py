"""What the hook says, as lines: transactions, their signatures, and what is durable when."""

from hotfire.wire.hook import Call, Done, Outcome
from hotfire.wire.sqlite import Dialogue

WROTE = (("insert", "a"),)


def call(text: str, *, open_: bool = True) -> Call:
    return Call(text=text, open=open_)


def done(*, open_: bool = True, wrote: bool = False, error: bool = False) -> Done:
    outcome = "error" if error else "ok"
    return Done(outcome=outcome, detail="", open=open_, changed=int(wrote), writes=WROTE if wrote else ())


def play(*story: tuple[str, Done]) -> list[tuple[str, bool]]:
    """The signature of each call and whether its end is durable."""
    dialogue, told, is_open = Dialogue(), [], False
    for text, end in story:
        signature = dialogue.call(call(text, open_=is_open)).signature
        told.append((signature, dialogue.done(end).durable))
        is_open = end.open
    return told


def test_an_implicit_transaction_is_durable_at_its_commit() -> None:
    assert play(
        ("SELECT 1", done(open_=False)),
        ("INSERT INTO a VALUES (1)", done(wrote=True)),
        ("SELECT 2", done()),
        ("COMMIT", done(open_=False)),
        ("COMMIT", done(open_=False)),
    ) == [
        ("SELECT ?", False),
        ("INSERT INTO a VALUES (…)", False),
        ("INSERT INTO a VALUES (…); SELECT ?", False),
        ("INSERT INTO a VALUES (…); SELECT ?; COMMIT", True),
        ("COMMIT", False),
    ]


def test_what_is_rolled_back_is_not_durable() -> None:
    story = play(("INSERT INTO a VALUES (1)", done(wrote=True)), ("ROLLBACK", done(open_=False)))
    assert [durable for _, durable in story] == [False, False]


def test_an_error_that_ends_the_transaction_has_undone_it() -> None:
    story = play(
        ("INSERT INTO a VALUES (1)", done(wrote=True)),
        ("INSERT OR ROLLBACK INTO a VALUES (1)", done(open_=False, error=True)),
        ("COMMIT", done(open_=False)),
    )
    assert [durable for _, durable in story] == [False, False, False]


def test_releasing_the_outermost_savepoint_commits() -> None:
    story = play(
        ("SAVEPOINT s1", done()),
        ("INSERT INTO a VALUES (1)", done(wrote=True)),
        ("ROLLBACK TO s1", done()),
        ("INSERT INTO a VALUES (1)", done(wrote=True)),
        ("RELEASE s1", done(open_=False)),
    )
    assert [durable for _, durable in story] == [False, False, False, False, True]


def test_a_transaction_that_python_opens_at_once_is_not_open_before_something_is_said() -> None:
    dialogue = Dialogue()
    dialogue.call(call("INSERT INTO a VALUES (1)"))
    assert dialogue.done(done(wrote=True)) == Outcome(outcome="ok", detail="", wrote=WROTE)
    assert dialogue.open
    dialogue.call(call("COMMIT"))
    assert dialogue.done(done()) == Outcome(outcome="ok", detail="", durable=True)
    assert not dialogue.open
