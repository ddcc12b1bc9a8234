"""The critical path of becoming a member."""

from hotfire import Actor, critical_path


@critical_path(
    owner="members team <members@example.org>",
    expected="The member is welcomed by one mail, and follows its link.",
    rollback="Delete the user by hand.",
)
def become_member(visitor: Actor) -> None:
    """Sign up, and follow the mailed link."""
    email = visitor.unique("ann") + "@example.org"
    visitor.post("/users", json={"email": email})
    visitor.get(visitor.mail(to=email).link("/welcome/"))
