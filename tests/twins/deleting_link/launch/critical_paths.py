"""The critical path of a URL in an index."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def indexer(nobody: Actor) -> dict[str, str]:
    """The token of Ann."""
    return {"Authorization": "Bearer c0f3b5a1e8d24769b1"}


@sign_in(like="indexer")
def other_indexer(nobody: Actor) -> dict[str, str]:
    """The token of Bob."""
    return {"Authorization": "Bearer 7d91e4f2ab3c58066e"}


@critical_path(
    owner="search team <search@example.org>",
    expected="The URL is found, until its indexer deletes it.",
    rollback="Index the URL anew.",
)
def index_url(indexer: Actor, nobody: Actor) -> None:
    """Index a URL, find it, and delete it."""
    url = indexer.post("/urls", json={"url": f"https://example.org/{indexer.unique('page')}"}).json()
    nobody.get("/urls")
    indexer.get(f"/urls/{url['id']}/delete")
