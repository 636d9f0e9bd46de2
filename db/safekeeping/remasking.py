"""Masking stored texts again, after rules were added: what they find now is hidden as well.

Transcripts keep what is hidden, encrypted, for who may see it; of what people wrote it is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Engine, bindparam, func, select, update
from sqlalchemy.orm import Session

from core.safekeeping.masking import Masked, MaskedSpan, mask, mask_data, mask_turns, masked
from db.encounters import search_index
from db.encounters.models import Interaction, Turn
from db.importing.personal_data import store_spans
from db.safekeeping import erasure_traces, personal_texts
from db.store.base import Model, table_of
from db.store.keys import Keys
from db.store.session import reading, transaction

_AT_ONCE = 500


@dataclass(frozen=True)
class Remasked:
    """Encounters read, rows with words of people read, and stretches that were hidden besides."""

    read: int
    texts: int
    hidden: int


def remask(engine: Engine, keys: Keys, progress: Callable[[int, int], None]) -> Remasked:
    """Every stored transcript with its attributes, then whatever people wrote.

    It can be cut off and repeated. `progress` is called with the rows read and all there are.
    """
    models = personal_texts.personal_models()
    with reading(engine) as session:
        total = session.scalar(select(func.count()).select_from(Interaction)) or 0
        total += sum(personal_texts.count(session, model) for model in models)
    read = hidden = last = 0
    while ids := _next(engine, last):
        with transaction(engine) as session:
            hidden += _turns(session, keys, ids) + _attributes(session, keys, ids)
        read, last = read + len(ids), ids[-1]
        progress(read, total)
    texts = 0
    for model in models:
        for rows, newly_hidden in _words(engine, model):
            texts, hidden = texts + rows, hidden + newly_hidden
            progress(read + texts, total)
    if hidden:
        erasure_traces.clean(engine)
    return Remasked(read=read, texts=texts, hidden=hidden)


def _words(engine: Engine, model: type[Model]) -> Iterator[tuple[int, int]]:
    """Mask what people wrote in a table: rows read and stretches hidden, transaction by one."""
    last: personal_texts.Key | None = None
    while True:
        with transaction(engine) as session:
            done = personal_texts.rewrite(session, model, masked, last)
        if done.last is None:
            return
        yield done.read, sum(len(mask(text).spans) for text in done.former)
        last = done.last


def _next(engine: Engine, last: int) -> Sequence[int]:
    query = select(Interaction.id).where(Interaction.id > last)
    with reading(engine) as session:
        return session.scalars(query.order_by(Interaction.id).limit(_AT_ONCE)).all()


def _turns(session: Session, keys: Keys, ids: Sequence[int]) -> int:
    changed = [
        (interaction, position, masked)
        for interaction, rows in groupby(_stored_turns(session, ids), key=itemgetter(0))
        for position, masked in _newly_masked([(position, text) for _, position, text in rows])
    ]
    if not changed:
        return 0
    touched = sorted({interaction for interaction, _, _ in changed})
    search_index.forget(session, touched)
    turn = table_of(Turn)
    session.execute(
        update(turn)
        .where(turn.c.interaction_id == bindparam("key"), turn.c.position == bindparam("place"))
        .values(text=bindparam("masked")),
        [
            {"key": key, "place": turn_position, "masked": masked.text}
            for key, turn_position, masked in changed
        ],
    )
    search_index.index_interactions(session, touched)
    spans = [
        _row(keys, key, turn_position, "", span)
        for key, turn_position, masked in changed
        for span in masked.spans
    ]
    store_spans(session, spans)
    return len(spans)


def _stored_turns(session: Session, ids: Sequence[int]) -> Sequence[tuple[int, int, str]]:
    """Encounter, position and text of each turn, conversation by conversation."""
    columns = (Turn.interaction_id, Turn.position, Turn.text)
    query = select(*columns).where(Turn.interaction_id.in_(ids)).order_by(*columns[:2])
    return session.execute(query).all()


def _newly_masked(turns: Sequence[tuple[int, str]]) -> Iterator[tuple[int, Masked]]:
    """The turns of a conversation in which something is hidden now, with their positions."""
    masked_turns = mask_turns([text for _, text in turns])
    for (position, _), masked_turn in zip(turns, masked_turns, strict=True):
        if masked_turn.spans:
            yield position, masked_turn


def _attributes(session: Session, keys: Keys, ids: Sequence[int]) -> int:
    spans: list[dict[str, Any]] = []
    for row in session.scalars(select(Interaction).where(Interaction.id.in_(ids))):
        masked, masked_fields = mask_data(row.attributes)
        if masked_fields:
            row.attributes = cast("dict[str, Any]", masked)
            spans += [
                _row(keys, row.id, 0, masked_field.field, masked_field.span)
                for masked_field in masked_fields
            ]
    store_spans(session, spans)
    return len(spans)


def _row(
    keys: Keys, interaction: int, position: int, field: str, span: MaskedSpan
) -> dict[str, Any]:
    return {
        "interaction_id": interaction,
        "position": position,
        "field": field,
        "start": span.start,
        "length": span.length,
        "kind": span.kind,
        "cipher": keys.encrypt(span.clear),
    }
