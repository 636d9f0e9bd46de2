"""Every route of ours beside the pages, in one list."""

from __future__ import annotations

from starlette.routing import Route

from pages.web import assets, availability
from pages.web.encounters import prints, recordings
from pages.web.importing import uploads
from pages.web.inspection import pad, photos
from pages.web.machines import machine_files
from pages.web.sign_in import account, login, oidc, one_time_links
from pages.web.teaching import handouts
from pages.web.training import exams

routes: list[Route] = [
    *login.routes,
    *one_time_links.routes,
    *oidc.routes,
    *account.routes,
    *assets.routes,
    Route("/healthz", availability.healthz),
    Route("/readyz", availability.readyz),
    *pad.routes,
    *photos.routes,
    *recordings.routes,
    *prints.routes,
    *handouts.routes,
    *exams.routes,
    *uploads.routes,
    *machine_files.routes,
]
