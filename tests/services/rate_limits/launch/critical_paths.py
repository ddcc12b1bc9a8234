"""The critical path of a code."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def caller(nobody: Actor) -> dict[str, str]:
    """Ann's shop."""
    return {"Authorization": "Bearer key-of-ann-29ce70b5f4"}


@sign_in(like="caller")
def other_caller(nobody: Actor) -> dict[str, str]:
    """Bob's shop."""
    return {"Authorization": "Bearer key-of-bob-a7318d0e6f"}


@critical_path(
    owner="codes team <codes@example.org>",
    expected="A telephone is sent one code a day, and who asks again is told to wait.",
    rollback="Answer 503 at the proxy.",
)
def ask_for_code(caller: Actor) -> None:
    """Ask for a code, and ask again."""
    phone = f"+49{int(caller.unique('phone')[-8:], 36)}"
    caller.post("/codes", json={"phone": phone})
    caller.post("/codes", json={"phone": phone}, expect=429)
