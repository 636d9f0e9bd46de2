"""Every route of ours beside the pages, in one list."""

from __future__ import annotations

from starlette.routing import Route

from pages.web import health, login, pad, prints, recordings, uploads

routes: list[Route] = [
    Route("/login", login.login, methods=["GET", "POST"]),
    Route("/logout", login.logout, methods=["GET", "POST"]),
    Route("/healthz", health.healthz),
    Route("/readyz", health.readyz),
    *pad.routes,
    *recordings.routes,
    *prints.routes,
    *uploads.routes,
]
