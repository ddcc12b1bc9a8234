"""alphanode's critical paths: what must work on the day of the launch."""

import os

from hotfire import Actor, critical_path, sign_in

CONTENT = "content team <content@alphanode.example>"
COMMUNITY = "community team <community@alphanode.example>"
# The seeded users live in test databases only. The first seeded article is Sam's; Bob has commented on it.
PASSWORD = os.environ.get("DEMO_PASSWORD", "correct horse battery")
SEEDED, SEEDED_ID = "testing-critical-paths-before-launch", 1
ANSWERED = 3.0  # seconds: what a page may take; the service itself gives up sooner
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000"
    "000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


def _bearer(nobody: Actor, name: str) -> dict[str, str]:
    answer = nobody.post("/api/sessions", json={"email": f"{name}@alphanode.example", "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@sign_in
def author(nobody: Actor):
    return _bearer(nobody, "sam")


@sign_in(like="author")
def other_author(nobody: Actor):
    return _bearer(nobody, "bob")


@sign_in
def editor(nobody: Actor):
    return _bearer(nobody, "eve")


@sign_in
def reader(nobody: Actor):
    return _bearer(nobody, "rob")


@sign_in(like="reader")
def other_reader(nobody: Actor):
    return _bearer(nobody, "ann")


def _draft(author: Actor) -> dict[str, object]:
    return {
        "reference": author.unique("ref"),
        "title": f"Safer launches {author.unique('title')}",
        "summary": "How to test what matters before it is public.",
        "body": "Measure first.\n\n## Production checks\n\nChange carefully, document the result.",
        "topic": "testing critical paths before launch",
        "difficulty": "intermediate",
        "flags": {"needs_human_review": True},
        "meta": {"tools": ["fastapi", "pytest"], "score": {"quality": 76}},
    }


@critical_path(
    owner=COMMUNITY,
    expected="A visitor has an account with a profile and can sign in at once.",
    rollback="Close the form: answer POST /api/users with 503 at the proxy. Accounts made so far stay.",
    deadline=ANSWERED,
)
def sign_up(visitor: Actor):
    person = {"email": f"{visitor.unique('new')}@example.org", "password": "a long enough password"}
    visitor.post("/api/users", json={**person, "name": "Kim New"})
    token = visitor.post("/api/sessions", json=person).json()["access_token"]
    visitor.become({"Authorization": f"Bearer {token}"})
    visitor.get("/api/me")


@critical_path(
    owner=CONTENT,
    expected="The draft's next version is public once the editor approves it; its author is told once.",
    rollback="Unpublish: POST /api/posts/{id}/unpublish. The draft is kept, earlier versions are in `revisions`.",
    deadline=ANSWERED,
)
def publish_article(author: Actor, editor: Actor, nobody: Actor):
    content = _draft(author)
    draft = author.post("/api/posts", json=content).json()
    del content["reference"]
    author.put(f"/api/posts/{draft['id']}", json={**content, "body": "Measure first. Then measure again."})
    editor.post(f"/api/posts/{draft['id']}/publish")
    nobody.get(f"/posts/{draft['slug']}")
    author.get("/api/me/notifications")


@critical_path(
    owner=CONTENT,
    expected="The article has the cover that its author chose, rendered once, and the editors are asked once.",
    rollback="Answer PUT /api/posts/{id}/cover with 503 at the proxy. Articles are shown without covers.",
    deadline=ANSWERED,
    degraded={"cache": 200, "mail": 200},  # uploads are not limited; the editors are told later
)
def illustrate_article(author: Actor):
    image = PIXEL + author.unique("cover").encode()
    author.put(f"/api/posts/{SEEDED_ID}/cover", content=image, headers={"Content-Type": "image/png"})


@critical_path(
    owner=CONTENT,
    expected="Everyone reads a published article, as a page and as JSON, and each view is counted.",
    rollback="Serve the pages from the cache (stale-if-error) until the release before is back.",
    deadline=ANSWERED,
    degraded={"cache": 200},  # the front page counts anew
)
def read_article(nobody: Actor, reader: Actor):
    nobody.get("/")
    nobody.get(f"/posts/{SEEDED}")
    reader.get(f"/api/posts/{SEEDED}")


@critical_path(
    owner=COMMUNITY,
    expected="A reader's comment is there once, and everyone else in the thread is told once.",
    rollback="Close the discussion: answer POST /api/posts/{id}/comments with 503 at the proxy. Comments stay.",
    deadline=ANSWERED,
)
def comment(reader: Actor):
    reader.post(
        f"/api/posts/{SEEDED_ID}/comments",
        json={"body": f"We tried this, {reader.unique('words')}."},
        headers={"Idempotency-Key": reader.unique("comment")},
    )
    reader.get(f"/api/posts/{SEEDED_ID}/comments")


@critical_path(
    owner=COMMUNITY,
    expected="The article is on the reader's list once and counted once.",
    rollback="Hide the button. Reading lists stay; counts can be computed again from `favourites`.",
    deadline=ANSWERED,
)
def favourite(reader: Actor):
    reader.put(f"/api/posts/{SEEDED_ID}/favourite")
    reader.get("/api/me/favourites")
