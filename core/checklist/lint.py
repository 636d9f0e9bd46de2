"""Checking a draft before it is activated: what would mislead, fail, tire or never be asked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from core.checklist.conditions import leaves
from core.checklist.model import Checklist, Item, Texts
from core.checklist.path_shares import advised_share, largest_shares, lonely_critical_items
from core.checklist.paths import MOST_TRIES, never_asked, paths
from core.checklist.problems import Problem, Severity
from core.checklist.references import item_paths
from core.checklist.wording import unsaid_occasion, unseen_sense, unsettled_pair
from core.clock import LimitStatus
from core.i18n import CONTENT_LANGUAGES, N_

MOST_ITEMS = 45
_OCCASION = N_(
    "{item} speaks of an occasion that may not come (“{words}”); nothing says what to answer then."
)
_TWO_IN_ONE = N_(
    "{item} asks two things in one (“{words}”); no rule says what one of the two is worth."
)
_NOT_SHOWN = N_("{item} asks for what does not show in {channels} (“{words}”).")


def lint(checklist: Checklist) -> list[Problem]:
    """Everything to look at before activation, errors first, each with its path."""
    problems = [
        *_weights(checklist),
        *_languages(checklist),
        *_duplicates(checklist),
        *_conditions(checklist),
        *_channels(checklist),
        *_rules(checklist),
        *_length(checklist),
        *_heavy_items(checklist),
        *_wording(checklist),
    ]
    return sorted(problems, key=lambda problem: problem.severity)


def _weights(checklist: Checklist) -> Iterator[Problem]:
    if checklist.settings.weights == "points":
        return
    by_section = checklist.settings.weights == "section_weights"
    holders = checklist.sections if by_section else _sharing(checklist.items())
    total = math.fsum(holder.weight for holder in holders)
    severity: Severity = "error" if by_section else "warning"
    if total == 0:
        yield Problem("sections", "error", "No weight is above 0, so nothing can be scored.")
    elif not math.isclose(total, 100, abs_tol=1e-6):
        values = {"total": f"{total:g}"}
        yield Problem("sections", severity, "Weights sum to {total}, not 100.", values)
    yield from _weightless(checklist, by_section=by_section)


def _weightless(checklist: Checklist, *, by_section: bool) -> Iterator[Problem]:
    for path, item in item_paths(checklist):
        if item.scored and item.weight == 0:
            values = {"item": item.key}
            yield Problem(f"{path}.weight", "warning", "The item {item} weighs nothing.", values)
    for number, section in enumerate(checklist.sections):
        shares = any(item.weight for item in _sharing(section.items))
        if by_section and section.weight and not shares:
            yield Problem(
                f"sections[{number}]",
                "error",
                "The section {section} has nothing to score.",
                {"section": section.key},
            )


def _sharing(items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item.scored and not item.bonus]


def _languages(checklist: Checklist) -> Iterator[Problem]:
    yield from _lacking("title", checklist.title)
    for number, section in enumerate(checklist.sections):
        yield from _lacking(f"sections[{number}].title", section.title)
    for path, item in item_paths(checklist):
        yield from _lacking(f"{path}.text", item.text)
        for name, texts in (("term", item.term), ("guidance", item.guidance)):
            if texts:
                yield from _lacking(f"{path}.{name}", texts)
        for number, option in enumerate(item.options):
            if option.text or item.kind in {"single", "multi"}:
                yield from _lacking(f"{path}.options[{number}].text", option.text)


def _lacking(path: str, texts: Texts) -> Iterator[Problem]:
    missing = [language for language in CONTENT_LANGUAGES if not texts.get(language)]
    if missing:
        values = {"languages": ", ".join(missing)}
        yield Problem(path, "error", "The text lacks {languages}.", values)


def _duplicates(checklist: Checklist) -> Iterator[Problem]:
    for language in CONTENT_LANGUAGES:
        first: dict[str, str] = {}
        for path, item in item_paths(checklist):
            wording = " ".join(item.text.get(language, "").split()).casefold()
            if wording and wording in first:
                values = {"item": item.key, "other": first[wording], "language": language}
                yield Problem(
                    f"{path}.text",
                    "warning",
                    "{item} reads the same as {other} in {language}.",
                    values,
                )
            first.setdefault(wording, item.key)


def _conditions(checklist: Checklist) -> Iterator[Problem]:
    never = set(never_asked(checklist))
    for path, item in item_paths(checklist):
        if item.key in never:
            yield Problem(
                f"{path}.when",
                "error",
                "{item} is never asked: no answers satisfy its conditions.",
                {"item": item.key},
            )
        for leaf in leaves(item.when):
            if not checklist.by_key[leaf.item].required:
                yield Problem(
                    f"{path}.when",
                    "warning",
                    "The condition asks {item}, which may stay blank.",
                    {"item": leaf.item},
                )


def _channels(checklist: Checklist) -> Iterator[Problem]:
    for path, item in item_paths(checklist):
        closed = [
            name for name in checklist.channels if item.channels and name not in item.channels
        ]
        values = {"item": item.key, "channels": ", ".join(closed)}
        if closed and len(closed) == len(checklist.channels):
            yield Problem(path, "error", "{item} cannot be seen in {channels}.", values)
        elif closed and not item.na_allowed:
            yield Problem(
                path, "error", "{item} cannot be seen in {channels}, yet may not be N/A.", values
            )


def _rules(checklist: Checklist) -> Iterator[Problem]:
    """What has no effect although it looks as if it had."""
    for path, item in item_paths(checklist):
        values = {"item": item.key}
        if item.effects and item.excluded:
            yield Problem(
                path,
                "warning",
                "{item} is excluded from scoring, so its critical effects never apply.",
                values,
            )
        if item.clock is not None and item.clock.limit_minutes is None:
            yield Problem(
                f"{path}.clock",
                "warning",
                "The clock of {item} has no limit yet and is not scored.",
                values,
            )
        elif item.clock is not None and item.clock.status == LimitStatus.CHECK:
            yield Problem(
                f"{path}.clock",
                "warning",
                "The limit of {item} still has to be confirmed by its owner.",
                values,
            )
        if item.critical and checklist.settings.critical_rule == "none":
            yield Problem(
                f"{path}.critical",
                "warning",
                "{item} is marked critical, but the settings give that no meaning.",
                values,
            )
    if checklist.bands and checklist.bands[-1].floor > 0 and not checklist.settings.below_zero:
        yield Problem(
            "bands",
            "warning",
            "Scores below {floor} fall into no band.",
            {"floor": f"{checklist.bands[-1].floor:g}"},
        )


def _length(checklist: Checklist) -> Iterator[Problem]:
    count = len(checklist.by_key)
    if count > MOST_ITEMS:
        yield Problem(
            "sections",
            "warning",
            "{count} items are too many for one inspection; at most {most} are advised.",
            {"count": count, "most": MOST_ITEMS},
        )


def _heavy_items(checklist: Checklist) -> Iterator[Problem]:
    """Items on which too much hangs in some encounters, although not in most."""
    if not paths(checklist):
        sentence = "Conditions combine in more than {most} ways: shares on each were not checked."
        yield Problem("sections", "warning", sentence, {"most": MOST_TRIES})
    places = {item.key: path for path, item in item_paths(checklist)}
    most = advised_share(checklist)
    for key, share in largest_shares(checklist).items():
        if share > most + 1e-6:
            yield Problem(
                places[key],
                "warning",
                "{item} carries up to {share} of 100 where other items are not asked or N/A; "
                "at most {most} are advised.",
                {"item": key, "share": f"{share:.1f}", "most": f"{most:.3g}"},
            )
    for key, section in lonely_critical_items(checklist).items():
        yield Problem(
            places[key],
            "warning",
            "The section {section} can be left to {item} alone, which is critical.",
            {"item": key, "section": section},
        )


def _wording(checklist: Checklist) -> Iterator[Problem]:
    """What the words of scored items leave open; a condition says when an occasion came."""
    conditional = {
        item.key
        for section in checklist.sections
        for item in section.items
        if item.when is not None or section.when is not None
    }
    for path, item in item_paths(checklist):
        if item.excluded:
            continue
        values: dict[str, object] = {"item": item.key}
        if item.key not in conditional and (words := unsaid_occasion(item)):
            yield Problem(f"{path}.text", "warning", _OCCASION, values | {"words": words})
        if words := unsettled_pair(item):
            yield Problem(f"{path}.text", "warning", _TWO_IN_ONE, values | {"words": words})
        channels = [c for c in checklist.channels if not item.channels or c in item.channels]
        if channels and (words := unseen_sense(item, channels)):
            values |= {"channels": ", ".join(channels), "words": words}
            yield Problem(f"{path}.text", "warning", _NOT_SHOWN, values)
