"""The critical path of a user's profile."""

from hotfire import Actor, critical_path


@critical_path(
    owner="mentorship team <mentorship@example.org>",
    expected="The mentee is known by the new username.",
    rollback="Change the username back.",
)
def change_username(mentee: Actor) -> None:
    """Register, and take another username."""
    user = mentee.post("/register", json={"username": mentee.unique("may"), "name": "May"}, repeat="each").json()
    mentee.become({"Authorization": f"Bearer {user['access_token']}"})
    mentee.put("/user", json={"username": mentee.unique("june")})
