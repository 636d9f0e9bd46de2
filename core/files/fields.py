"""The fields of a file that are chosen from a list, besides its kind, level and state."""

from __future__ import annotations

from collections.abc import Mapping

TOPICS: Mapping[str, tuple[str, ...]] = {
    "booking": ("ticketing", "change", "refund", "seat"),
    "information": ("wrong_information", "contradicting_answers", "no_answer"),
    "waiting": ("queue", "phone_waiting", "slow_handling"),
    "flight": ("delay", "cancellation", "denied_boarding"),
    "baggage": ("lost", "damaged", "late_baggage", "fee"),
    "payment": ("price", "invoice", "charged_twice"),
    "special_care": ("wheelchair", "child_alone", "illness"),
    "attitude": ("impolite", "indifferent"),
    "other": (),
}
"""Classes of files with their sub-topics; other systems may name others."""

CAUSES = ("process", "facility", "policy", "person")
FINDINGS = ("true", "misunderstanding", "wrong_information")
EMOTIONS = ("calm", "dissatisfied", "angry", "distressed", "cannot_tell")
SOLUTIONS = ("compensation", "remedy", "process_change", "explanation")

CHOICES: Mapping[str, tuple[str, ...]] = {
    "cause": CAUSES,
    "finding": FINDINGS,
    "emotion": EMOTIONS,
    "solution": SOLUTIONS,
}
"""The codes of each such field; empty is nothing chosen."""
