"""Which event a name means: its key, words that clocks used, or what another system calls it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from core.clock.event_keys import EVENTS
from core.text.identifiers import caseless
from core.text.yamlfile import load_data

_LABELS = Path(__file__).parent.parent / "standards" / "event_labels.yaml"
_NOTHING: Mapping[str, str] = MappingProxyType({})


def event_of(name: str, own: Mapping[str, str] = _NOTHING) -> str | None:
    """The key of an event by any of its names; None where nobody knows it.

    Args:
        own: names that the portal's people wrote down, folded, with their keys.
            They go before those that come with the portal.
    """
    folded = folded_name(name)
    return own.get(folded) or (folded if folded in EVENTS else former_labels().get(folded))


def event_of_label(texts: Mapping[str, str]) -> str | None:
    """The key of the event that a clock's own words mean, in whichever language."""
    found = (former_labels().get(folded_name(text)) for text in texts.values())
    return next(filter(None, found), None)


def folded_name(name: str) -> str:
    """What names of events are looked up by: neither case nor spaces tell them apart."""
    return caseless(" ".join(name.split()))


@cache
def former_labels() -> Mapping[str, str]:
    """The words of clocks from before they named events by keys, folded, with their keys."""
    by_key: Mapping[str, list[str]] = load_data(_LABELS).data
    return {folded_name(label): key for key, labels in by_key.items() for label in labels}
