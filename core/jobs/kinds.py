"""The kinds of jobs: who asks for them, how they are carried out, how many rows they leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

LEASE = timedelta(minutes=1)
"""A job at work gives a sign of life; after so long without one it counts as stopped."""
PULSE = timedelta(seconds=5)
"""Between two signs of life, unless there is progress to tell."""
KEPT = timedelta(days=90)
"""After its end a job is listed for so long."""


@dataclass(frozen=True)
class JobKind:
    """One kind of job.

    Attributes:
        name: the code in the table; pages have a word for it.
        own_process: started at once beside whoever asked; the others wait for the worker.
        by_operator: asked for and begun at the command line; started again, the worker does it.
        last_only: of those that ended well the last one stays, of those that did not the last of
            each key; otherwise what is done every minute would fill the list.
    """

    name: str
    own_process: bool = False
    by_operator: bool = False
    last_only: bool = False


IMPORT = JobKind("import", own_process=True)
RANKING = JobKind("ranking", last_only=True)
SEAL_LOG = JobKind("seal_log", last_only=True)
READ_EVENTS = JobKind("read_events", last_only=True)
TELL_OF_FILES = JobKind("tell_of_files", last_only=True)
TELL_OF_ACTIONS = JobKind("tell_of_actions", last_only=True)
TELL_OF_WARNINGS = JobKind("tell_of_warnings", last_only=True)
LOOK_FOR_WARNINGS = JobKind("look_for_warnings", last_only=True)
REFRESH_RANKINGS = JobKind("refresh_rankings", last_only=True)
REFRESH_EFFECTS = JobKind("refresh_effects", last_only=True)
DRAW_STANDING = JobKind("draw_standing", last_only=True)
LOOK_FOR_PATTERNS = JobKind("look_for_patterns", last_only=True)
LOOK_FOR_LEANS = JobKind("look_for_leans", last_only=True)
DROP_PHOTOS = JobKind("drop_photos", last_only=True)
HAND_IN_EXAMS = JobKind("hand_in_exams", last_only=True)
DROP_UPLOADS = JobKind("drop_uploads", last_only=True)
CHECK_LOG = JobKind("check_log")
RETAIN = JobKind("retain")
BACKUP = JobKind("backup")
TEST_RESTORE = JobKind("test_restore")
REBUILD = JobKind("rebuild", by_operator=True)
RESCORE = JobKind("rescore", by_operator=True)
REMASK = JobKind("remask", by_operator=True)
KINDS = {
    kind.name: kind
    for kind in (
        IMPORT,
        RANKING,
        SEAL_LOG,
        READ_EVENTS,
        TELL_OF_FILES,
        TELL_OF_ACTIONS,
        TELL_OF_WARNINGS,
        LOOK_FOR_WARNINGS,
        REFRESH_RANKINGS,
        REFRESH_EFFECTS,
        DRAW_STANDING,
        LOOK_FOR_PATTERNS,
        LOOK_FOR_LEANS,
        DROP_PHOTOS,
        HAND_IN_EXAMS,
        DROP_UPLOADS,
        CHECK_LOG,
        RETAIN,
        BACKUP,
        TEST_RESTORE,
        REBUILD,
        RESCORE,
        REMASK,
    )
}
