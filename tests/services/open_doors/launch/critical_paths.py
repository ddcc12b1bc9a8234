"""The critical paths of a school, in which one member meets another at every door."""

from hotfire import Actor, critical_path, sign_in

SCHOOL = "/schools/5b0f4b0e-3c1d-4c8e-8f0a-5b7c6d8e9f01/courses"
WEB = "web.5f1c9f20b7d844.public"


@sign_in
def ann(nobody: Actor) -> dict[str, str]:
    """Her token, and the key of every browser."""
    return {"Authorization": "Bearer c0f3b5a1e8d24769b1", "apikey": WEB}


@sign_in(like="ann")
def bob(nobody: Actor) -> dict[str, str]:
    """His token, and the key of every browser."""
    return {"Authorization": "Bearer 7d91e4f2ab3c58066e", "apikey": WEB}


@critical_path(
    owner="school <school@example.org>",
    expected="Everybody sees the course's title, and its teacher the lesson.",
    rollback="Delete the course.",
)
def give_a_course(ann: Actor) -> None:
    """Begin a course, find it, and write beside it."""
    ann.get("/client")
    course = ann.post(SCHOOL, json={"title": ann.unique("fire"), "lesson": "It is hot."}, repeat="each").json()["id"]
    ann.get("/courses")
    ann.get(f"{SCHOOL}/{course}")
    ann.post(f"{SCHOOL}/{course}/notes", json={"text": "Well said."}, repeat="each")
    ann.put(f"{SCHOOL}/{course}", json={"title": ann.unique("water"), "lesson": "It is wet."})


@critical_path(
    owner="school <school@example.org>",
    expected="Who asked reads what others have answered.",
    rollback="Delete the form.",
)
def ask_around(ann: Actor) -> None:
    """Ask, answer as anybody may, and read the answers."""
    form = ann.post("/forms", json={"text": ann.unique("tea")}, repeat="each").json()["id"]
    ann.post(f"/forms/{form}/answers", json={"text": "Green, please."}, repeat="each")
    ann.get(f"/forms/{form}/answers")


@critical_path(
    owner="school <school@example.org>",
    expected="The link opens once.",
    rollback="Delete the secret.",
)
def tell_a_secret(ann: Actor) -> None:
    """Hide something, keep it for a week, and open it."""
    link = ann.post("/secrets", json={"text": ann.unique("hush")}, repeat="each").json()["link"]
    ann.put(f"/secrets/{link}/days", json={"days": 7})
    ann.get(f"/secrets/{link}")


@critical_path(
    owner="school <school@example.org>",
    expected="Who is invited has accepted.",
    rollback="Invite nobody.",
)
def invite(ann: Actor) -> None:
    """Invite oneself, and accept."""
    link = ann.post("/invitations", json={"text": "ann"}, repeat="each").json()["link"]
    ann.post(f"/invitations/{link}/accept")
