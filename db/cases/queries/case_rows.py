"""The rows of a list of cases: station, staff, score, losses and an excerpt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Identity
from core.i18n import pick
from core.people.staff_names import StaffNames
from core.text.textfold import TextRange
from core.text.words import Word, spans, stand_in
from db.cases.queries.case_search import texts_of
from db.encounters.models import Interaction, Turn
from db.encounters.queries.consent import is_closed, open_to_use
from db.inspection.models import Inspection
from db.inspection.queries.who_may_see import yet_to_score
from db.people.models import Station
from db.people.queries.shown_texts import HiddenNames, StaffLabels
from db.results.queries.losses import Loss, losses_of

_EXCERPT = 160
_BEFORE_HIT = 30
_FIRST_TURNS = 4


class Excerpt(NamedTuple):
    """Some words of the encounter, and the spans in them that match the search."""

    text: str
    hits: tuple[TextRange, ...] = ()


@dataclass(frozen=True)
class CaseRow:
    """One case of the list. `staff` is a name only where the reader may know it.

    `closed`: the customer refuses, and there is no excerpt.
    """

    inspection_id: int
    case_no: str
    station_code: str
    station_names: Mapping[str, str]
    staff: str
    channel: str
    occurred_at: datetime
    timezone: str
    score: float
    band: str | None
    critical: bool
    losses: tuple[Loss, ...]
    excerpt: Excerpt
    closed: bool = False

    def station(self, language: str) -> str:
        return pick(self.station_names, language)


def rows_of(
    session: Session, who: Identity, ids: list[int], words: Sequence[Word] = ()
) -> tuple[CaseRow, ...]:
    """The cases of some ids in their order, read in four queries; the caller has checked them.

    Cases of encounters that the person has still to score are left out.
    """
    hidden = yet_to_score(session, who, ids)
    ids = [key for key in ids if key not in hidden]
    rows = session.execute(
        select(Inspection, Interaction, Station)
        .join(Interaction, Inspection.interaction_id == Interaction.id)
        .join(Station, Inspection.station_id == Station.id)
        .where(Inspection.id.in_(ids))
    ).all()
    labels = StaffLabels.beside_cases(session, who)
    labels.prepare({inspection.staff_id for inspection, _, _ in rows if inspection.staff_id})
    losses = losses_of(session, ids)
    hidden_names = HiddenNames(session, who)
    names = {inspection.id: hidden_names.in_inspection(inspection) for inspection, _, _ in rows}
    if words:
        texts = texts_of(session, ids)
        excerpts = {
            key: _excerpt(case_texts, words, names[key]) for key, case_texts in texts.items()
        }
    else:
        firsts = _first_words(session, {row[0].interaction_id: row[0].id for row in rows})
        excerpts = {key: Excerpt(names[key].hide(text)[:_EXCERPT]) for key, text in firsts.items()}
    cases = {
        inspection.id: CaseRow(
            inspection_id=inspection.id,
            case_no=names[inspection.id].hide(interaction.external_id),
            station_code=station.code,
            station_names=station.names,
            staff=labels.label(inspection.staff_id, inspection.station_id),
            channel=inspection.channel,
            occurred_at=inspection.occurred_at,
            timezone=station.timezone,
            score=inspection.score or 0.0,
            band=inspection.band,
            critical=inspection.critical,
            losses=losses.get(inspection.id, ()),
            excerpt=excerpts.get(inspection.id, Excerpt("")),
            closed=is_closed(interaction),
        )
        for inspection, interaction, station in rows
    }
    return tuple(cases[key] for key in ids)


def _first_words(session: Session, cases_of: Mapping[int, int]) -> dict[int, str]:
    """What the customer says first, or the record where no customer speaks, by case.

    Args:
        cases_of: the case by interaction.
    """
    rows = session.execute(
        select(Turn.interaction_id, Turn.text)
        .where(
            Turn.interaction_id.in_(cases_of),
            Turn.position <= _FIRST_TURNS,
            open_to_use(Turn.interaction_id),
        )
        .order_by(Turn.interaction_id, Turn.speaker != "customer", Turn.position)
    )
    first_words: dict[int, str] = {}
    for interaction_id, text in rows:
        first_words.setdefault(cases_of[interaction_id], text)
    return first_words


def _excerpt(case_texts: Sequence[str], words: Sequence[Word], names: StaffNames) -> Excerpt:
    """The turn with most of the words, from a little before the first of them."""
    having = [text for text in case_texts if stand_in(words, [text])]
    texts = [names.hide(text) for text in having or case_texts[:1]]
    best = max(texts, key=lambda text: sum(bool(spans(word, text)) for word in words))
    hits = sorted(span for word in words for span in spans(word, best))
    begin = max(0, hits[0].start - _BEFORE_HIT) if hits else 0
    lead = "…" if begin else ""
    excerpt = lead + best[begin : begin + _EXCERPT]
    moved = (TextRange(start + len(lead) - begin, end + len(lead) - begin) for start, end in hits)
    return Excerpt(excerpt, tuple(span for span in moved if span.end <= len(excerpt)))
