"""The pages that readers see."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from alphanode.access import Anyone
from alphanode.database import Session
from alphanode.schemas import Line
from alphanode.services import counters, discussion, reading

router = APIRouter(default_response_class=HTMLResponse, tags=["pages"])
templates = Jinja2Templates(Path(__file__).parent.parent / "templates")


@router.get("/")
async def home(request: Request, session: Session) -> HTMLResponse:
    """Show the newest articles."""
    articles = await reading.newest(session, topic=None, limit=20)
    context = {"articles": articles, "counters": await counters.front_page(session)}
    return templates.TemplateResponse(request, "home.html", context)


@router.get("/posts/{slug}")
async def article(request: Request, slug: Line, user: Anyone, session: Session) -> HTMLResponse:
    """Show an article with its comments and similar articles, and count the view."""
    shown = await reading.read(session, slug, reader=user)
    context = {
        "article": shown,
        "comments": await discussion.thread(session, shown.id),
        "similar": await reading.similar(session, shown),
    }
    return templates.TemplateResponse(request, "article.html", context)
