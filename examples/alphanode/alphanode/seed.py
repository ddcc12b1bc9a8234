"""Demo users and articles: `python -m alphanode.seed`. Does nothing where there are users already."""

import asyncio

from sqlalchemy import func, select

from alphanode.credentials import hash_password
from alphanode.database import engine, sessions
from alphanode.services.drafting import reading_time, slugify
from alphanode.settings import settings
from alphanode.tables import Article, Comment, Profile, Revision, User

PEOPLE = {"ann": "member", "bob": "member", "eve": "editor", "rob": "member", "sam": "member"}
TOPICS = ("testing critical paths before launch", "query plans that survive growth", "caches that forget in time")
BODY = """{topic} is work that pays on the day when nothing else does.

## Production checks

Confirm that inputs are validated, check permissions, add a retry-safe path, record the expected response.

## Why this matters

A service that was never stopped half-way has only been shown to work when nothing goes wrong.

## Final notes

Measure first, change carefully, document the result."""


async def seed(password: str) -> None:
    """Add the people, and three published articles by Sam with a comment each."""
    async with sessions.begin() as session:
        if await session.scalar(select(User.id).limit(1)):
            return
        people = {
            name: User(
                email=f"{name}@alphanode.example", name=name.title(), role=role, password_hash=hash_password(password)
            )
            for name, role in PEOPLE.items()
        }
        session.add_all(people.values())
        await session.flush()
        articles = [_article(people["sam"], n, topic) for n, topic in enumerate(TOPICS, start=1)]
        session.add_all(articles)
        session.add_all(Profile(user_id=user.id) for user in people.values() if user is not people["sam"])
        session.add(Profile(user_id=people["sam"].id, article_count=len(articles), bio="Writes about launches."))
        await session.flush()
        for article in articles:
            session.add(Revision(article_id=article.id, version=1, title=article.title, body=article.body))
            session.add(Comment(article_id=article.id, writer_id=people["bob"].id, body="This saved our launch."))


def _article(author: User, number: int, topic: str) -> Article:
    title = f"{topic} with python services"
    body = BODY.format(topic=topic.capitalize())
    return Article(
        author_id=author.id,
        reference=f"anp-ref-{number:06}-seed",
        slug=slugify(topic),
        title=title,
        summary=f"This summary explains {topic}, with emphasis on measurement, safe defaults and rollback planning.",
        body=body,
        topic=topic,
        difficulty="intermediate",
        reading_time=reading_time(body),
        flags={"has_images": False, "needs_human_review": False},
        meta={"stack": ["python services", "backend"], "score": {"quality": 76, "clarity": 93}},
        status="published",
        comment_count=1,
        published_at=func.now(),
    )


async def _main() -> None:
    if settings.demo_password is not None:
        await seed(settings.demo_password)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(_main())
