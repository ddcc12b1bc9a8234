"""The change log's lines become lives of rows, in whatever order the server wrote them, and rows keep their numbers."""

from hotfire.worlds.stores.postgres.lives import Entry, Life, lives
from hotfire.worlds.stores.postgres.rows import Whereabouts, joined, repair
from hotfire.worlds.stores.postgres.telling import split_row

A, B, C, D = (0, 1), (0, 2), (0, 3), (0, 4)


def log(*lines):
    """(operation, old place, new place, transaction); a row's text is its number in the log."""
    return [
        Entry(
            number=number,
            operation=operation,
            relation=7,
            old_place=old,
            new_place=new,
            old_row=f"was {old}" if old else None,
            new_row=f"is {new}" if new else None,
            transaction=transaction,
        )
        for number, (operation, old, new, transaction) in enumerate(lines, start=1)
    ]


def told(entries):
    return [(life.before, life.after) for life in lives(entries)]


def test_a_chain_of_updates_is_one_life():
    assert told(log(("update", A, B, 1), ("update", B, C, 2))) == [(f"was {A}", f"is {C}")]


def test_born_and_gone_is_nothing():
    assert told(log(("insert", None, A, 1), ("update", A, B, 1), ("delete", B, None, 2))) == []


def test_a_trigger_that_writes_again_is_logged_first():
    assert told(log(("update", B, C, 1), ("update", A, B, 1))) == [(f"was {A}", f"is {C}")]
    assert told(log(("delete", B, None, 1), ("insert", None, B, 1))) == []


def test_a_place_that_is_given_away_again_is_another_row():
    assert told(log(("delete", A, None, 1), ("insert", None, A, 2))) == [(f"was {A}", None), (None, f"is {A}")]


def test_after_a_truncate_places_begin_anew_in_the_same_transaction():
    entries = log(("emptied", A, None, 1), ("truncate", None, None, 1), ("insert", None, A, 1))
    assert told(entries) == [(f"was {A}", None), (None, f"is {A}")]


def life(before, after, old, new):
    return Life(first=1, relation=7, before=before, after=after, old_place=old, new_place=new)


def test_stretches_join_by_row_not_by_place():
    rows = Whereabouts()
    first = rows.passage([life(None, "x", None, A)])
    rows.pass_to(first.spots, first.numbered)
    second = rows.passage([life("x", "y", A, B), life(None, "z", None, A)])
    assert [(fate.before, fate.after) for fate in joined([first.fates, second.fates])] == [(None, "y"), (None, "z")]


def test_a_row_that_was_put_back_elsewhere_is_still_the_same():
    rows = Whereabouts()
    first = rows.passage([life(None, "x", None, A)])
    rows.pass_to(first.spots, first.numbered)
    rows.pass_to({1: (7, D)}, rows.numbered)  # a later stretch was undone
    second = rows.passage([life("x", None, D, None)])
    assert joined([first.fates, second.fates]) == []
    assert repair(first.fates, rows.spots).places == ("(0,4)",)


def test_rows_that_ended_as_they_began_stay_where_they_are():
    rows = Whereabouts()
    passage = rows.passage([life("x", "x", A, B)])
    assert repair(passage.fates, {1: (7, B)}).rows == ()


def test_a_rows_text_is_split_as_the_server_wrote_it():
    assert split_row('(1,,"","a ""b"" \\\\ c,(d)",x)', 5) == ["1", None, "", 'a "b" \\ c,(d)', "x"]
    assert split_row("(,)", 2) == [None, None]
    assert split_row('("x\ny",)', 2) == ["x\ny", None]
    assert split_row("()", 1) == [None]
    assert split_row("()", 0) == []
