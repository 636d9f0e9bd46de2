"""Languages that were stored in several spellings become one, and so do the sums by them."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from core.inspection.facets import EVERYTHING, Facets
from db.encounters.models import Interaction
from db.inspection.models import Inspection
from db.migrations import migrate
from db.results.models import RankingSnapshot
from db.results.queries.facets import facet_counts
from db.upkeep.rebuild import rebuild
from tests.support.clock import NOW
from tests.support.requirements import ROOT
from tests.support.results.busy import part, rows

pytestmark = [pytest.mark.both, pytest.mark.sampled(3)]


def before():
    """The revision before the one that is tried."""
    (path,) = (ROOT / "db/migrations/versions").glob("*_languages_of_encounters.py")
    return f"{int(path.name[:4]) - 1:04}"


def languages(world):
    counts = world.one(lambda s: facet_counts(s, part(world)))
    return {row.value: row.n for row in counts if row.facet == "language"}


def test_spellings_of_a_language_and_their_sums_are_joined(busy):
    """A third of the Chinese calls is spelled otherwise; a rebuild finds what the joining made."""
    with busy.seeded.transaction() as session:
        for table, number in ((Interaction, Interaction.id), (Inspection, Inspection.id)):
            third = (table.language == "zh_TW", number % 3 == 0)
            session.execute(update(table).where(*third).values(language="ZH-hant-tw"))
        rebuild(session, lambda done, total: None)
        for facets in (EVERYTHING, Facets(language="zh_TW")):
            snapshot = {"first": 1, "last": 1, "checklist_id": 1, "channel": "", "sample_class": ""}
            session.add(
                RankingSnapshot(
                    **snapshot, facets=facets.code, data_version=1, computed_at=NOW, payload={}
                )
            )
    spelled = languages(busy)
    assert set(spelled) == {"", "en", "zh_TW", "ZH-hant-tw"}
    migrate.downgrade(busy.seeded.engine, before())
    migrate.upgrade(busy.seeded.engine)
    assert languages(busy) == {
        "": spelled[""],
        "en": spelled["en"],
        "zh-TW": spelled["zh_TW"] + spelled["ZH-hant-tw"],
    }
    assert {row.language for row, _ in rows(busy)} == {"", "en", "zh-TW"}
    assert {language for (language,) in busy.all(Interaction.language)} == {"", "en", "zh-TW"}
    assert busy.all(RankingSnapshot.facets) == [("",)]
    joined = busy.derived()
    assert busy.rebuilt() == joined
