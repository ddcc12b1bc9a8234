"""launch/permissions.toml: what it says, what it must not say, and how it is written anew."""

from dataclasses import replace

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

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
OTHER = SIGNED.replace("publish", "archive")
SEEN = Permission(path="publish", step="author GET /posts #1", allowed=("nobody",))
SIGNED_ALREADY = Permission(path="publish", step="author PUT /posts/{id} #1", allowed=("editor",), refused=("nobody",))
EDITED = Permission(path="publish", step="author PUT /posts/{id} #1", allowed=("editor",), refused=("nobody", "other"))


def test_an_entry():
    (entry,) = parse(SIGNED)
    assert (entry.path, entry.step, entry.reviewed) == ("publish", "author PUT /posts/{id} #1", "2026-11-28 ann")
    assert [entry.says(who) for who in ("editor", "nobody", "other")] == ["allowed", "refused", None]
    assert entry.place == "launch/permissions.toml:2"


def test_blanks_of_any_kind_make_no_difference():
    (entry,) = parse(SIGNED.replace("28 ann", "28\\tann ").replace("author PUT ", "author  PUT\\t"))
    assert (entry.step, entry.reviewed) == ("author PUT /posts/{id} #1", "2026-11-28\tann")


@pytest.mark.parametrize(("text", "proposed"), [(SIGNED, False), (PROPOSED, True)])
def test_what_an_entry_names_must_be_there(text, proposed):
    others = '["nobody", "broken credential", "at other\'s body /post"]'
    (entry,) = parse(text.replace('["nobody"]', others))
    assert (entry.named.place, entry.named.proposed) == (entry.place, proposed)
    assert set(entry.named.actors) == {*entry.names} & {"editor", "nobody"}


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


def test_a_proposal_is_written_anew_where_it_stands():
    changed = replace(SEEN, allowed=("nobody", "other"))
    text = updated(f"# ours\n\n{PROPOSED}\n{SIGNED}", [changed, SIGNED_ALREADY], ["publish"])
    assert text == f"# ours\n\n{PROPOSED}\n{SIGNED}".replace(
        '["nobody"]\nrefused = []', '["nobody", "other"]\nrefused = []'
    )


COMMENTED = """\
# first

# above
[[permission]]  # header
path = "publish"
step = "author GET /posts"
# inside
allowed = [
    # in the list
    "nobody",  # behind a value
]
refused = []
reviewed = ""
# right behind

# by itself

"""


def test_a_proposal_that_says_the_same_stays_as_it_stands():
    text = COMMENTED + SIGNED
    assert updated(text, [SEEN, SIGNED_ALREADY], ["publish"]) == text


def test_comment_lines_stay_with_an_entry_that_is_written_anew():
    text = updated(COMMENTED + SIGNED, [replace(SEEN, allowed=("other",)), SIGNED_ALREADY], ["publish"])
    assert text.startswith(
        "# first\n\n# above\n# inside\n    # in the list\n[[permission]]\n"
        'path = "publish"\nstep = "author GET /posts"\nallowed = ["other"]\nrefused = []\nreviewed = ""\n'
        "# right behind\n\n# by itself\n\n# Ann asked"
    )


@pytest.mark.parametrize("behind", ["", "\n" + SIGNED])
def test_comments_that_stand_by_themselves_stay_where_an_entry_goes(behind):
    text = updated(COMMENTED + behind, [SIGNED_ALREADY], ["publish"])
    assert text.startswith("# first\n\n# right behind\n\n# by itself\n")
    assert "above" not in text
    assert "inside" not in text


def test_an_entry_that_goes_leaves_no_blank_line_more():
    assert updated(f"{SIGNED}\n{PROPOSED}\n{OTHER}", [SIGNED_ALREADY], ["publish"]) == f"{SIGNED}\n{OTHER}"


COMMENTED_OUT = '# [[permission]]\n# path = "publish"\n'


@pytest.mark.parametrize(
    "table",
    [
        f"{SIGNED}\n# [[permission]]\n{PROPOSED}",
        f"{SIGNED}\n{COMMENTED_OUT}{PROPOSED}",
        f"{COMMENTED_OUT}{PROPOSED}{COMMENTED_OUT}{SIGNED}",
        f"# one\u2028[[permission]]\n{SIGNED}",
        *(
            (SIGNED + PROPOSED).replace("[[permission]]", header)
            for header in ("[[ permission ]]", "  [[permission]]", '[["permission"]]', "[['permission']] # so")
        ),
        f"{SIGNED}{PROPOSED}".replace("\npath", "\n  path"),
        (SIGNED + PROPOSED).rstrip("\n"),
    ],
)
def test_each_spelling_of_a_table_is_written_anew(table):
    text = updated(table, [replace(SEEN, allowed=("other",)), EDITED], ["publish"])
    signed, *others = sorted(parse(text), key=lambda entry: not entry.reviewed)
    assert replace(signed, place="") == replace(parse(SIGNED)[0], place="")
    assert sorted(entry.names for entry in others) == [("other",), ("other",)]
    assert updated(text, [replace(SEEN, allowed=("other",)), EDITED], ["publish"]) == text


@pytest.mark.parametrize(
    "table",
    [
        'permission = [{path = "publish", step = "author GET /", reviewed = ""}]',
        "permission = []",
        PROPOSED.replace("permission", '"permissio\\u006e"'),
        SIGNED + PROPOSED.replace("permission", '"permissio\\u006e"'),
        SIGNED.replace('"2026-11-28 ann"', '"""2026-11-28\n[[permission]]\nann"""'),
    ],
)
def test_what_lines_cannot_tell_apart_is_refused_before_anything_is_proposed(table):
    parse(table)
    with pytest.raises(UsageError) as refused:
        updated(table, [], [], "deploy/permissions.toml")
    assert refused.value.problem.startswith("deploy/permissions.toml holds entries that cannot be told apart")
    assert "[[permission]]" in refused.value.hint


PIECES = st.sampled_from(
    [
        "\n",
        "# by itself\n\n",
        "# right above\n",
        "# [[permission]]\n",
    ]
)
ENTRIES = st.builds(
    lambda header, step, who, comment, reviewed: (
        f'{header}\npath = "publish"\nstep = "author GET /{step}"\n'
        f'{comment}refused = ["{who}"]\nreviewed = "{reviewed}"\n'
    ),
    st.sampled_from(["[[permission]]", " [[ permission ]] # one", '[["permission"]]']),
    st.integers(0, 3),
    st.sampled_from(["ann", "bob", "eve"]),
    st.sampled_from(["", "# inside\n", "  # [[permission]]\n"]),
    st.sampled_from(["", "2026-11-28 ann"]),
)
PROPOSALS = st.dictionaries(st.integers(0, 4), st.sets(st.sampled_from(["ann", "bob", "eve"]), min_size=1)).map(
    lambda seen: [
        Permission(path="publish", step=f"author GET /{step} #1", refused=tuple(sorted(names)))
        for step, names in seen.items()
    ]
)


@given(st.lists(st.one_of(PIECES, ENTRIES)).map("".join), PROPOSALS)
def test_whatever_the_file_holds_it_says_what_was_proposed_and_what_was_signed(table, proposals):
    try:
        before = parse(table)
    except UsageError:
        reject()  # one actor twice
    text = updated(table, proposals, ["publish"])
    after = parse(text)
    signed = [replace(entry, place="") for entry in before if entry.reviewed]
    assert [replace(entry, place="") for entry in after if entry.reviewed] == signed
    unsigned = {(entry.step, who) for entry in after if not entry.reviewed for who in entry.names}
    wanted = {(entry.step, who) for entry in proposals for who in entry.names}
    assert unsigned == wanted - {(entry.step, who) for entry in signed for who in entry.names}
    assert text.count("# by itself\n") == table.count("# by itself\n")
    assert updated(text, proposals, ["publish"]) == text


def test_entries_of_a_path_that_was_not_fired_stay():
    assert parse(updated(SIGNED + PROPOSED, [], [])) == parse(SIGNED + PROPOSED)


def test_a_new_file_says_what_to_do_with_it():
    text = updated("", [EDITED], ["publish"])
    assert text.startswith("# Who may do which step")
    assert parse(text)[0].refused == ("nobody", "other")


def test_writing_it_again_changes_nothing():
    once = updated(SIGNED, [EDITED], ["publish"])
    assert updated(once, [EDITED], ["publish"]) == once
