"""Every route of ours beside the pages, in one list."""

from __future__ import annotations

from starlette.routing import Route

from pages.web import (
    account,
    assets,
    handouts,
    health,
    links,
    login,
    machine,
    oidc,
    pad,
    photos,
    practice,
    prints,
    recordings,
    uploads,
)

routes: list[Route] = [
    *login.routes,
    *links.routes,
    *oidc.routes,
    *account.routes,
    *assets.routes,
    Route("/healthz", health.healthz),
    Route("/readyz", health.readyz),
    *pad.routes,
    *photos.routes,
    *practice.routes,
    *recordings.routes,
    *prints.routes,
    *handouts.routes,
    *uploads.routes,
    *machine.routes,
]
