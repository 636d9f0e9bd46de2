"""How customers rated, whatever their scale."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from db.models import Interaction


def rated(rating: str | None) -> list[ColumnElement[bool]]:
    """Conditions on an encounter that its customer rated low, middle or high."""
    above = (Interaction.customer_rating - Interaction.rating_low) * 4
    scale = Interaction.rating_high - Interaction.rating_low
    known = Interaction.customer_rating.is_not(None)
    if rating == "low":
        return [known, above <= scale]
    if rating == "high":
        return [known, above >= 3 * scale]
    return [known, above > scale, above < 3 * scale]
