"""What critical_paths.py declares is checked before anything is started."""

from pathlib import Path

import pytest

from hotfire.errors import UsageError
from hotfire.worlds.driver.load import load

PATHS = """\
from hotfire import Actor, critical_path, sign_in


@sign_in
def clerk(nobody): ...


@critical_path(owner="shop", expected="An order.", rollback="Cancel it.")
def order(buyer: Actor):
    number = buyer.post("/orders").json()["number"]


"""

ANOTHER = '@critical_path(owner="shop", expected="It is paid.", rollback="Pay it back."'


def of(tmp_path: Path, undo: str) -> Path:
    (tmp_path / "critical_paths.py").write_text(PATHS + undo, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("decorator", ["@order.undo", "@order.undo()"])
def test_an_undo_is_given_actors_and_local_variables(tmp_path: Path, decorator: str) -> None:
    undo = f"{decorator}\ndef cancel(clerk, buyer, nobody, number, why='a proof'): ...\n"
    declared = load(of(tmp_path, undo)).paths["order"]
    assert (declared.value.undo, declared.value.keeps) == ("cancel", ())
    assert declared.undoing
    assert declared.undoing.parameters == ("clerk", "buyer", "nobody", "number")
    assert declared.actors == ("buyer", "clerk", "nobody")


def test_what_it_keeps_is_part_of_the_path(tmp_path: Path) -> None:
    undo = '@order.undo(keeps=["orders", "items.version"])\ndef cancel(number): ...\n'
    assert load(of(tmp_path, undo)).paths["order"].value.keeps == ("orders", "items.version")


@pytest.mark.parametrize(
    ("undo", "line", "problem", "hint"),
    [
        (
            "@order.undo\ndef cancel(numbr): ...\n",
            13,
            "cancel asks for 'numbr', which is neither",
            "name one of buyer,",
        ),
        ("@order.undo\ndef cancel(clark): ...\n", 13, "cancel asks for 'clark'", "clark = …"),
        ('@order.undo(keeps="orders")\ndef cancel(): ...\n', 13, "keeps='orders' is no list", 'keeps=["drafts"]'),
        ("@order.undo(keeps=[1])\ndef cancel(): ...\n", 13, "keeps=[1] is no list", "@order.undo"),
        (
            "@order.undo\ndef cancel(): ...\n\n@order.undo\ndef refund(): ...\n",
            16,
            "order has two undos, cancel and refund",
            "one function",
        ),
        ("@order.undo\nasync def cancel(): ...\n", 13, "cancel is no plain function", "without async"),
        ("@order.undo\ndef cancel(): yield\n", 13, "cancel is no plain function", "without async"),
        (f"{ANOTHER})\ndef pay(*buyers): ...\n", 13, "pay asks for *buyers", "name each actor"),
        (f"{ANOTHER}, deadline='5')\ndef pay(): ...\n", 13, "pay has deadline='5'", "deadline=5.0"),
        (f"{ANOTHER}, degraded=['db'])\ndef pay(): ...\n", 13, "pay has degraded=['db']", 'degraded={"redis": 200}'),
    ],
)
def test_what_cannot_be_meant_names_its_line_and_what_to_write(
    tmp_path: Path, undo: str, line: int, problem: str, hint: str
) -> None:
    with pytest.raises(UsageError) as refused:
        load(of(tmp_path, undo))
    assert f"critical_paths.py:{line}: " in refused.value.problem
    assert problem in refused.value.problem
    assert hint in refused.value.hint
