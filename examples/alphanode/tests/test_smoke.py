"""The whole story once, on a seeded database (`DATABASE_URL`): draft, publish, read, comment, favourite."""

import asyncio
import os
import uuid

import pytest

pytestmark = pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="needs a migrated and seeded DATABASE_URL")


def test_an_article_from_draft_to_comment() -> None:
    asyncio.run(_story())


async def _story() -> None:
    from httpx import ASGITransport, AsyncClient

    from alphanode.main import app, lifespan

    async with lifespan(app), AsyncClient(transport=ASGITransport(app), base_url="http://alphanode") as client:
        author, editor, reader = [await _bearer(client, name) for name in ("ann", "eve", "rob")]
        name = uuid.uuid4().hex
        form = {"reference": name, "title": f"Hello {name}", "summary": "Short.", "body": "Long.", "topic": "python"}

        draft = (await client.post("/api/posts", json=form, headers=author)).json()
        page, post = f"/posts/{draft['slug']}", f"/api/posts/{draft['id']}"
        assert (await client.get(page)).status_code == 404
        assert (await client.post(f"{post}/publish", headers=author)).status_code == 403
        assert (await client.post(f"{post}/publish", headers=editor)).json()["status"] == "published"

        headers = reader | {"Idempotency-Key": name}
        assert (await client.post(f"{post}/comments", json={"body": "Thanks."}, headers=headers)).status_code == 201
        assert (await client.put(f"{post}/favourite", headers=reader)).json()["favourite_count"] == 1
        assert "Thanks." in (await client.get(page)).text
        inbox = (await client.get("/api/me/notifications", headers=author)).json()
        assert [told["kind"] for told in inbox[:2]] == ["comment", "published"]


async def _bearer(client, name: str) -> dict[str, str]:
    form = {"email": f"{name}@alphanode.example", "password": os.environ["DEMO_PASSWORD"]}
    token = (await client.post("/api/sessions", json=form)).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}
