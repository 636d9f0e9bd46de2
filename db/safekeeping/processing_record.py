"""The record of processing that data-protection law asks for, made from what the code declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from core.access import PERMISSIONS, Action
from db.safekeeping.keeping_times import Months, rules, station_times
from db.safekeeping.personal_texts import personal_columns, personal_models
from db.safekeeping.processing_activities import ACTIVITIES, Activity
from db.store.base import table_of

_INTRODUCTION = """# Record of processing

Made by `python -m db processing-record` from what this portal declares: its tables, the columns
that hold people's words, the times of keeping as they are set here now, and the table of who may
do what. Yours to add (GDPR Art. 30(1)): who the controller is and how to reach it and its
data-protection officer (a), recipients outside the portal (d), transfers to other countries (e),
and the legal ground of each purpose. docs/security.md describes the technical measures (g).
"""


@dataclass(frozen=True)
class RecordedActivity:
    """One purpose as the record tells it.

    Attributes:
        persons: whose data it is; empty where it is about nobody.
        words: the columns in which words of people may stand, as table.column; they are masked.
        kept: kind of record and months it is kept, None for good.
        kept_at: the same by code of the stations that have times of their own.
        stays: what stays after these times, and why; empty where nothing does.
        roles: the roles that may read it, each within its own scope.
    """

    name: str
    purpose: str
    persons: tuple[str, ...]
    held: str
    words: tuple[str, ...]
    kept: dict[str, int | None]
    kept_at: dict[str, dict[str, int | None]]
    stays: str
    roles: tuple[str, ...]


def processing_record(session: Session) -> list[RecordedActivity]:
    """Every activity with its columns of words, its times of keeping and its readers."""
    months = {kind.value: value for kind, value in rules(session).items()}
    words = {
        table_of(model).name: [column.name for column in personal_columns(model)]
        for model in personal_models()
    }
    stations = {row.code: row.months for row in station_times(session)}
    return [_recorded(activity, months, stations, words) for activity in ACTIVITIES]


def _recorded(
    activity: Activity,
    months: dict[str, int | None],
    stations: Mapping[str, Months],
    words: dict[str, list[str]],
) -> RecordedActivity:
    return RecordedActivity(
        name=activity.name,
        purpose=activity.purpose,
        persons=tuple(person.value for person in activity.persons),
        held=activity.held,
        words=tuple(
            f"{table}.{column}" for table in activity.tables for column in words.get(table, ())
        ),
        kept={kind.value: months[kind.value] for kind in activity.kept},
        kept_at={
            code: own
            for code, times in stations.items()
            if (own := {kind.value: times[kind] for kind in activity.kept if kind in times})
        },
        stays=activity.stays,
        roles=readers(activity.read_by),
    )


def readers(actions: tuple[Action, ...]) -> tuple[str, ...]:
    """The roles that may do at least one of the actions, with how far the widest reaches."""
    return tuple(
        f"{role.value} ({', '.join(sorted({scopes[a].value for a in actions if a in scopes}))})"
        for role, scopes in PERMISSIONS.items()
        if any(action in scopes for action in actions)
    )


def as_json(record: list[RecordedActivity]) -> list[dict[str, object]]:
    return [asdict(activity) for activity in record]


def as_markdown(record: list[RecordedActivity]) -> str:
    """The record as a page to be handed to an authority."""
    return "\n".join([_INTRODUCTION, *(_section(activity) for activity in record)])


def _section(activity: RecordedActivity) -> str:
    there = (f"at {code} and below: {_times(own)}" for code, own in activity.kept_at.items())
    lines = {
        "Purpose": activity.purpose,
        "Persons": ", ".join(activity.persons) or "nobody",
        "Data": activity.held,
        "Columns of people's words": ", ".join(activity.words) or "none",
        "Kept": "; ".join([_times(activity.kept) or "no time of its own", *there]),
        "Stays": activity.stays or "nothing",
        "Read by": ", ".join(activity.roles) or "nobody",
    }
    rows = (f"- **{title}**: {text}" for title, text in lines.items())
    return "\n".join((f"## {activity.name}", "", *rows, ""))


def _times(kept: Mapping[str, int | None]) -> str:
    return "; ".join(f"{kind}: {_months(months)}" for kind, months in kept.items())


def _months(months: int | None) -> str:
    return "for good" if months is None else f"{months} months"
