"""Which checklist an encounter is scored with: its own, or that of the row that fits it best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from core.checklist.model import CHANNELS, Checklist
from core.errors import InvalidInput

CASE_KINDS = (
    *("none", "problem", "complaint", "work_order", "follow_up"),
    *("order", "customer_profile", "station_audit"),
)
ANY = ""
"""In a row: every kind, or every business line."""


class EncounterKind(NamedTuple):
    """What decides on the checklist; `named` is the key that came with it, empty for none."""

    channel: str
    case_kind: str
    business_line: str
    named: str = ""


class ChoiceRow(NamedTuple):
    """Encounters of a channel, and of one kind or business line or ANY, get a checklist's key."""

    channel: str
    case_kind: str
    business_line: str
    checklist: str


SHIPPED = (
    ChoiceRow("counter", ANY, ANY, "airport_counter"),
    ChoiceRow("phone", ANY, ANY, "phone"),
    ChoiceRow("chat", ANY, ANY, "chat"),
    ChoiceRow("bot", ANY, ANY, "chat"),
    ChoiceRow("email", ANY, ANY, "email"),
    ChoiceRow("record", ANY, ANY, "service_record"),
    ChoiceRow("record", "complaint", ANY, "complaint"),
    ChoiceRow("record", "work_order", ANY, "work_order"),
    ChoiceRow("record", "order", ANY, "order"),
    ChoiceRow("record", "customer_profile", ANY, "customer_profile"),
    ChoiceRow("record", "station_audit", ANY, "station_audit_management"),
    ChoiceRow("record", ANY, "agency", "agency_journey"),
    ChoiceRow("site", ANY, ANY, "station_audit_facilities"),
    ChoiceRow("site", "station_audit", ANY, "station_audit_management"),
)
"""The table until somebody saves another."""


def fitting(kind: EncounterKind, rows: Iterable[ChoiceRow]) -> list[str]:
    """Keys of checklists for an encounter, the most fitting first.

    What the encounter names stands alone. Else a row for its kind of case goes before one for its
    business line, and both before one for the channel.
    """
    if kind.named:
        return [kind.named]
    fits = [
        row
        for row in rows
        if row.channel == kind.channel
        and row.case_kind in (ANY, kind.case_kind)
        and row.business_line in (ANY, kind.business_line)
    ]
    fits.sort(key=lambda row: (row.case_kind == ANY, row.business_line == ANY))
    return [row.checklist for row in fits]


def check_rows(rows: Sequence[ChoiceRow], checklists: Mapping[str, Checklist]) -> None:
    """Refuse a table that is not clear, or names what cannot be scored.

    Args:
        checklists: those in force, by key.

    Raises:
        InvalidInput: names the row.
    """
    for number, row in enumerate(rows, 1):
        if row.channel not in CHANNELS or row.case_kind not in (ANY, *CASE_KINDS):
            raise InvalidInput("Row {number}: choose a channel and a kind.", number=number)
        checklist = checklists.get(row.checklist)
        if checklist is None:
            raise InvalidInput("Row {number}: choose a checklist in force.", number=number)
        if row.channel not in checklist.channels:
            raise InvalidInput(
                "Row {number}: this checklist is not for this channel.", number=number
            )
        if row[:3] in {other[:3] for other in rows[: number - 1]}:
            raise InvalidInput("Row {number} stands for the same as one above it.", number=number)


def unreached(rows: Iterable[ChoiceRow], keys: Iterable[str]) -> list[str]:
    """The checklists, by key, that no row leads to, in order."""
    return sorted(set(keys) - {row.checklist for row in rows})
