"""The critical path of a dashboard."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def analyst(nobody: Actor) -> None:
    """Ann signs in by the form."""
    nobody.post("/sign-in", data={"username": "ann", "password": "correct horse"})


@critical_path(
    owner="data team <data@example.org>",
    expected="The query stands on the dashboard of its owner, and nobody else sees it.",
    rollback="Delete the query by hand.",
)
def add_query(analyst: Actor) -> None:
    """Add a query, and look at the dashboard."""
    analyst.post("/queries", data={"sql": f"select '{analyst.unique('ann')}'"}, repeat="each")
    analyst.get("/dashboard")
