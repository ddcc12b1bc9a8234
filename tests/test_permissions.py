"""launch/permissions.toml: what it says, what it must not say, and how it is written anew."""

import pytest

from hotfire.errors import UsageError
from hotfire.permissions import Permission, find, parse, updated

SIGNED = """\
# Ann asked the editors about this one.
[[permission]]
path = "publish"
step = "author PUT /posts/{id}"
allowed = ["editor"]   # they mend titles
refused = ["nobody"]
reviewed = "2026-11-28 ann"
"""
PROPOSED = """\
[[permission]]
path = "publish"
step = "author GET /posts"
allowed = ["nobody"]
refused = []
reviewed = ""
"""
EDITED = Permission(path="publish", step="author PUT /posts/{id} #1", allowed=("editor",), refused=("nobody", "other"))


def test_an_entry():
    (entry,) = parse(SIGNED)
    assert (entry.path, entry.step, entry.reviewed) == ("publish", "author PUT /posts/{id} #1", "2026-11-28 ann")
    assert [entry.says(who) for who in ("editor", "nobody", "other")] == ["allowed", "refused", None]
    assert entry.place == "launch/permissions.toml:2"


def test_blanks_of_any_kind_make_no_difference():
    (entry,) = parse(SIGNED.replace("28 ann", "28\\tann ").replace("author PUT ", "author  PUT\\t"))
    assert (entry.step, entry.reviewed) == ("author PUT /posts/{id} #1", "2026-11-28\tann")


def test_the_entries_of_a_step():
    table = parse(SIGNED + PROPOSED)
    assert [entry.allowed for entry in find(table, "publish", "author GET /posts #1")] == [("nobody",)]


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("[[permission]", "is no TOML", "mend line 1; or remove the file, and run `hotfire permissions`"),
        ("[[permissions]]", "unknown key 'permissions'", "[[permission]]"),
        ("permission = 1", "must be a list", "[[permission]]"),
        (SIGNED.replace("path = ", "paths = "), "permissions.toml:2 has the unknown key 'paths'", "path, step"),
        (SIGNED.replace('"publish"', '""'), "permissions.toml:2 has no path", 'path = "'),
        (SIGNED.replace('step = "author PUT /posts/{id}"', ""), "has no step", 'step = "'),
        (SIGNED.replace('["editor"]', '"editor"'), "has allowed that is no list", 'allowed = ["editor"'),
        (SIGNED.replace('"2026-11-28 ann"', '"ann"'), "no day with a name: 'ann'", '"2026-11-28 ann"'),
        (SIGNED.replace('"2026-11-28 ann"', '"2026-11-28"'), "no day with a name", '"2026-11-28 ann"'),
        (SIGNED.replace("2026-11-28 ann", "2026-W48-6 ann"), "no day with a name", '"2026-11-28 ann"'),
        (SIGNED.replace('"2026-11-28 ann"', "2026-11-28"), "reviewed that is no text", '"2026-11-28 ann"'),
        (SIGNED.replace('["nobody"]', '["editor"]'), "'editor' may do at author PUT /posts/{id} #1 twice", "leave one"),
        (SIGNED * 2, "so does launch/permissions.toml:2", "leave one"),
    ],
)
def test_what_cannot_be_meant_is_told_with_what_to_write(text, problem, hint):
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert problem in refused.value.problem
    assert refused.value.problem.startswith("launch/permissions.toml")
    assert hint in refused.value.hint


def test_what_is_signed_stays_as_it_stands_and_the_rest_is_written_anew():
    text = updated(SIGNED + PROPOSED, [EDITED], ["publish"])
    assert text.startswith(SIGNED.rstrip())
    assert "author GET /posts" not in text
    new = parse(text)[1]
    assert (new.allowed, new.refused, new.reviewed) == ((), ("other",), "")


def test_a_comment_above_an_entry_stays_with_it():
    text = updated(f"# ours\n\n# why\n# so\n{PROPOSED}{SIGNED}", [*parse(PROPOSED), EDITED], ["publish"])
    assert text.startswith("# ours\n\n# Ann asked")
    assert '\n\n# why\n# so\n[[permission]]\npath = "publish"\nstep = "author GET /posts"\n' in text


def test_entries_of_a_path_that_was_not_fired_stay():
    assert parse(updated(SIGNED + PROPOSED, [], [])) == parse(SIGNED + PROPOSED)


def test_a_new_file_says_what_to_do_with_it():
    text = updated("", [EDITED], ["publish"])
    assert text.startswith("# Who may do which step")
    assert parse(text)[0].refused == ("nobody", "other")


def test_writing_it_again_changes_nothing():
    once = updated(SIGNED, [EDITED], ["publish"])
    assert updated(once, [EDITED], ["publish"]) == once
