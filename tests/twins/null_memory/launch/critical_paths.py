"""The critical path of a memory."""

from hotfire import Actor, critical_path


@critical_path(
    owner="memory team <memory@example.org>",
    expected="The memory is kept as it was corrected.",
    rollback="Correct the memory again.",
)
def correct_memory(assistant: Actor) -> None:
    """Remember something and correct it."""
    memory = assistant.post("/memories", json={"content": "Ann likes tea"}, repeat="each").json()
    assistant.patch(f"/memories/{memory['id']}", json={"content": "Ann likes coffee"})
