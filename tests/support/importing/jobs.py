"""An import in the background as its tests see it, without a page or a route."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from db.importing import import_job, uploaded_files
from db.importing.import_job import ImportTask
from db.importing.uploaded_files import Upload
from db.jobs.models import Job
from db.store.files import FileKind
from pages.ui.kit import wiring


def uploaded(who, content, name="team.csv", slot="rows", *, at=None) -> Upload:
    """A file that the account has sent, as a route would take it in."""
    now = at or wiring.now()
    with wiring.transaction() as session:
        expected = uploaded_files.begin_upload(session, who, slot, now=now)
    wiring.files().write(expected.key, content)
    upload = replace(expected, name=name, size=len(content))
    with wiring.transaction() as session:
        former = uploaded_files.keep(session, who, upload, now=now)
    wiring.files().remove(former)
    return upload


class OwnImport:
    """The last import of an account."""

    def __init__(self, who):
        self.who = who

    def state(self):
        with wiring.reading() as session:
            job = import_job.own_import(session, self.who, now=wiring.now())
        return import_job.import_state(job, wiring.files()) if job else None

    def begin(self, upload, kind="staff", places=None, choices=None):
        """A job that waits; nobody starts its process."""
        task = ImportTask(kind, places, strict=False, language="en", choices=choices or {})
        with wiring.transaction() as session:
            return import_job.begin(
                session, who=self.who, task=task, uploads={"rows": upload}, now=wiring.now()
            )

    def went_away(self, share=0.5):
        """As if its process had said so much, and nothing for an hour."""
        values = {"share": share, "heard_at": wiring.now() - timedelta(hours=1)}
        with wiring.transaction() as session:
            session.execute(update(Job).where(Job.asked_by == self.who.user_id).values(**values))

    def put_away(self):
        job_id = self.state().job_id
        with wiring.transaction() as session:
            import_job.put_away(session, self.who, job_id, now=wiring.now())

    def wait(self):
        deadline = time.monotonic() + 300
        while self.state().runs:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def stored(kind):
    """The names of all files of a kind."""
    return [file.key.name for file in wiring.files().list(FileKind(kind))]


def import_button(app, name):
    """A button of the import page; its key ends in the files or the import it is for."""
    [button] = [button for button in app.button if (button.key or "").startswith(f"{name}_")]
    return button
