"""The critical path of an organisation."""

from hotfire import Actor, critical_path


@critical_path(
    owner="community team <community@example.org>",
    expected="The organisation is there, led by its founder.",
    rollback="Delete the organisation by hand, its members first.",
)
def found_organisation(founder: Actor) -> None:
    """Found an organisation and look who is in it."""
    name = founder.unique("garden")
    founder.post("/organisations", json={"name": name, "person": "ann"})
    founder.get(f"/organisations/{name}")
