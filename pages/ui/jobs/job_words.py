"""What jobs are called, and what came of them in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.inspection.facets import Facets
from core.jobs import kinds
from core.jobs.states import JobState
from core.periods import Period
from db.checklists.queries.texts import ChecklistTexts
from db.jobs.queries import JobView
from db.results.queries.stations import Slice
from pages.ui.importing.history import kind_names as import_names
from pages.ui.kit.messages import _, escape_markdown, number, plural
from pages.ui.results.filters import describe

_MEGABYTE = 1_000_000
_COLORS = {
    JobState.WAITING: "gray",
    JobState.RUNNING: "blue",
    JobState.DONE: "green",
    JobState.FAILED: "red",
    JobState.STOPPED: "orange",
    JobState.HELD: "violet",
}
_ICONS = {
    JobState.WAITING: "schedule",
    JobState.RUNNING: "progress_activity",
    JobState.DONE: "check_circle",
    JobState.FAILED: "error",
    JobState.STOPPED: "pause_circle",
    JobState.HELD: "help",
}
Counts = Mapping[str, Any]


def state_names() -> dict[JobState, str]:
    return {
        JobState.WAITING: _("Waiting"),
        JobState.RUNNING: _("Running"),
        JobState.DONE: _("Done"),
        JobState.FAILED: _("Failed"),
        JobState.STOPPED: _("Stopped"),
        JobState.HELD: _("Waiting for consent"),
    }


def state_badge(state: JobState) -> str:
    """Markdown: an icon and a word in the colour of the state."""
    return f":{_COLORS[state]}-badge[:material/{_ICONS[state]}: {state_names()[state]}]"


def job_name(job: JobView, texts: Mapping[int, ChecklistTexts]) -> str:
    """What a job does, and about what, as Markdown; the file of an import stands by itself."""
    if job.kind == kinds.IMPORT.name:
        return escape_markdown(_("Import: {kind}", kind=import_names()[job.task["kind"]]))
    if job.kind == kinds.RANKING.name:
        return _("Ranking: {slice}", slice=describe(_slice(job.task), dict(texts)))
    return escape_markdown(_duty_names()[job.kind])


def asker_name(job: JobView) -> str:
    """Who asked for a job that belongs to no account."""
    if kinds.KINDS[job.kind].by_operator:
        return _("the operator, at the command line")
    return _("the portal")


def outcome_sentence(job: JobView) -> str:
    """What came of a job that is done; empty where there is nothing to count."""
    sentence = _OUTCOMES.get(job.kind)
    return sentence(job.outcome) if sentence and job.state == JobState.DONE else ""


def duration(seconds: float) -> str:
    """In the largest unit that keeps two digits."""
    if seconds < 100:
        return _("{count} s", count=number(seconds, 0))
    if seconds < 100 * 60:
        return _("{count} min", count=number(seconds / 60, 0))
    return _("{count} h", count=number(seconds / 3600, 0))


def _duty_names() -> dict[str, str]:
    return {
        kinds.SEAL_LOG.name: _("Sealing the audit log"),
        kinds.CHECK_LOG.name: _("Checking the audit log"),
        kinds.RETAIN.name: _("Removing what is over its time of keeping"),
        kinds.BACKUP.name: _("Backup"),
        kinds.TEST_RESTORE.name: _("Restore test"),
        kinds.DROP_UPLOADS.name: _("Removing uploads that nobody imported"),
        kinds.DROP_PHOTOS.name: _("Removing photos that nothing shows"),
        kinds.HAND_IN_EXAMS.name: _("Marking exams whose time is over"),
        kinds.READ_EVENTS.name: _("Following up what was done"),
        kinds.TELL_OF_FILES.name: _("Telling of files that are due"),
        kinds.TELL_OF_ACTIONS.name: _("Telling of actions that are due"),
        kinds.TELL_OF_WARNINGS.name: _("Telling of warnings that nobody took"),
        kinds.LOOK_FOR_WARNINGS.name: _("Looking for warnings"),
        kinds.REFRESH_RANKINGS.name: _("Looking for rankings that are behind"),
        kinds.REFRESH_EFFECTS.name: _("Computing effects of trainings"),
        kinds.DRAW_STANDING.name: _("Drawing by the standing plan"),
        kinds.LOOK_FOR_PATTERNS.name: _("Looking for the same answer all through"),
        kinds.LOOK_FOR_LEANS.name: _("Looking for inspectors who are harder on a group"),
        kinds.REBUILD.name: _("Computing derived figures anew"),
        kinds.RESCORE.name: _("Scoring inspections again"),
        kinds.REMASK.name: _("Masking stored texts again"),
    }


def _slice(task: Mapping[str, Any]) -> Slice:
    return Slice(
        Period(task["first"], task["last"]),
        task["checklist_id"],
        channel=task["channel"] or None,
        sample_class=task["sample_class"] or None,
        facets=Facets.parse(task.get("facets", "")),
    )


def _imported(outcome: Counts) -> str:
    counts = {name: number(count, 0) for name, count in outcome["counts"].items()}
    return _(
        "{read} rows read: {added} added, {updated} updated, {unchanged} unchanged,"
        " {refused} refused.",
        **counts,
    )


def _sealed(outcome: Counts) -> str:
    return plural("{count} entry sealed.", "{count} entries sealed.", outcome["entries"])


def _checked(outcome: Counts) -> str:
    if outcome["findings"]:
        return plural(
            "{count} part of the log is not as it was sealed.",
            "{count} parts of the log are not as they were sealed.",
            outcome["findings"],
        )
    return _("{count} entries read: all as sealed.", count=number(outcome["entries"], 0))


def _removed(outcome: Counts) -> str:
    return plural("{count} record removed.", "{count} records removed.", outcome["removed"])


def _saved(outcome: Counts) -> str:
    rows, size = number(outcome["rows"], 0), number(outcome["bytes"] / _MEGABYTE)
    return _("{rows} rows saved, {size} MB.", rows=rows, size=size)


def _restored(outcome: Counts) -> str:
    return _("{rows} rows came back.", rows=number(outcome["rows"], 0))


def _files_removed(outcome: Counts) -> str:
    return plural("{count} file removed.", "{count} files removed.", outcome["files"])


def _followed_up(outcome: Counts) -> str:
    return plural("{count} change followed up.", "{count} changes followed up.", outcome["read"])


def _told(outcome: Counts) -> str:
    return plural("{count} notice written.", "{count} notices written.", outcome["told"])


def _warned(outcome: Counts) -> str:
    counts = {name: number(count, 0) for name, count in outcome.items()}
    return _("{cells} cells compared: {raised} warnings raised.", **counts)


def _asked(outcome: Counts) -> str:
    return plural("{count} ranking asked for.", "{count} rankings asked for.", outcome["asked"])


def _computed(outcome: Counts) -> str:
    return plural("{count} effect computed.", "{count} effects computed.", outcome["computed"])


def _marked(outcome: Counts) -> str:
    return plural("{count} exam marked.", "{count} exams marked.", outcome["marked"])


def _drawn(outcome: Counts) -> str:
    return _(
        "Put into queues: {must} that must be inspected, {random} at random.",
        must=number(outcome["must_inspect"], 0),
        random=number(outcome["random"], 0),
    )


def _stood_out(outcome: Counts) -> str:
    return plural(
        "{count} inspector stood out.", "{count} inspectors stood out.", outcome["inspectors"]
    )


def _leaning(outcome: Counts) -> str:
    return plural("{count} stood out.", "{count} stood out.", outcome["leans"])


def _rebuilt(outcome: Counts) -> str:
    return plural("{count} inspection read.", "{count} inspections read.", outcome["read"])


def _rescored(outcome: Counts) -> str:
    read, changed = number(outcome["read"], 0), number(outcome["changed"], 0)
    return _("{read} inspections read: {changed} scores changed.", read=read, changed=changed)


def _remasked(outcome: Counts) -> str:
    counts = {name: number(count, 0) for name, count in outcome.items()}
    return _(
        "{read} encounters and {texts} other texts read: {hidden} stretches hidden besides.",
        **counts,
    )


_OUTCOMES: dict[str, Callable[[Counts], str]] = {
    kinds.IMPORT.name: _imported,
    kinds.SEAL_LOG.name: _sealed,
    kinds.CHECK_LOG.name: _checked,
    kinds.RETAIN.name: _removed,
    kinds.BACKUP.name: _saved,
    kinds.TEST_RESTORE.name: _restored,
    kinds.DROP_UPLOADS.name: _files_removed,
    kinds.DROP_PHOTOS.name: _files_removed,
    kinds.HAND_IN_EXAMS.name: _marked,
    kinds.READ_EVENTS.name: _followed_up,
    kinds.TELL_OF_FILES.name: _told,
    kinds.TELL_OF_ACTIONS.name: _told,
    kinds.TELL_OF_WARNINGS.name: _told,
    kinds.LOOK_FOR_WARNINGS.name: _warned,
    kinds.REFRESH_RANKINGS.name: _asked,
    kinds.REFRESH_EFFECTS.name: _computed,
    kinds.DRAW_STANDING.name: _drawn,
    kinds.LOOK_FOR_PATTERNS.name: _stood_out,
    kinds.LOOK_FOR_LEANS.name: _leaning,
    kinds.REBUILD.name: _rebuilt,
    kinds.RESCORE.name: _rescored,
    kinds.REMASK.name: _remasked,
}
