"""Scores of groups beside each other, for whoever asks whether a checklist is hard on some."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.results.fairness import GROUPINGS, Grouping, compare_groups
from db.results.queries.facets import facet_counts
from db.results.queries.score_cells import group_cells
from db.results.queries.stations import Slice

NOBODY = 0
"""The rollups' person of results that name none."""


def group_scores(session: Session, who: Identity, slice_: Slice) -> tuple[Grouping, ...]:
    """Languages, shifts, channels and posts of a slice, as far as it has several of them.

    None at all while sums of before there were facets wait for `python -m db rebuild`.

    Raises:
        NotAllowed: the role does not see inspectors.
    """
    require(who, Action.SEE_INSPECTORS)
    if not facet_counts(session, slice_):
        return ()
    return compare_groups({by: group_cells(session, slice_, by) for by in GROUPINGS}, NOBODY)
