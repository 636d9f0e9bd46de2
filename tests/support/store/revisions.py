"""One more revision after the newest, in a folder of a test's own."""

from __future__ import annotations

import os

from db.migrations import migrate
from tests.support.requirements import ROOT

NEXT = "9999"
_HEAD = """
import os
import time
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = {next!r}, {newest!r}, None, None
"""


def write_next(folder, steps):
    """A revision file whose functions are `steps`."""
    folder.mkdir()
    head = _HEAD.format(next=NEXT, newest=migrate.newest_revision())
    (folder / f"{NEXT}_next.py").write_text(head + steps)


def use_versions_of(folder, change=setattr):
    """Let this process migrate with the revisions of a folder as well."""
    made = migrate._config

    def with_next(connection=None):
        config = made(connection)
        places = f"{ROOT / 'db/migrations/versions'}{os.pathsep}{folder}"
        config.set_main_option("version_locations", places)
        config.set_main_option("path_separator", "os")
        return config

    change(migrate, "_config", with_next)
