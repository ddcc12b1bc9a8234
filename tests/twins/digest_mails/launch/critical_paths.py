"""The critical path of a course's weekly digest."""

from hotfire import Actor, critical_path


@critical_path(
    owner="courses team <courses@example.org>",
    expected="Each student of the course has one mail.",
    rollback="None: a mail that was sent cannot be called back.",
)
def send_digest(teacher: Actor) -> None:
    """Send the digest and look at what was sent."""
    teacher.post("/courses/1/digest")
    teacher.get("/courses/1/mails")
