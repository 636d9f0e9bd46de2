"""A checklist with items of many kinds, critical ones and a section of its own to mark N/A."""

BAN = {"no": "form_zero"}
MIXED = {
    "key": "mixed",
    "title": {"en": "Mixed"},
    "channels": ["phone"],
    "sections": [
        {
            "key": "first",
            "title": {"en": "First"},
            "items": [
                {"key": "PLAIN", "text": {"en": "Greets"}},
                {"key": "BANNED", "text": {"en": "Verifies"}, "effects": BAN},
                {"key": "LOSS", "effects": BAN | {"no_with_loss": "form_zero"}},
                {"key": "LEVELS", "kind": "graded"},
                {"key": "ALWAYS", "na": False},
                {
                    "key": "WORDS",
                    "kind": "single",
                    "options": [
                        {"key": "a", "points": 1, "text": {"en": "Yes"}},
                        {"key": "b", "points": 0, "text": {"en": "Partly"}},
                        {"key": "c", "points": 0, "text": {"en": "No"}},
                    ],
                },
                {"key": "HARMED", "kind": "graded", "effects": {"no_with_loss": "form_zero"}},
            ],
        },
        {
            "key": "second",
            "title": {"en": "Second"},
            "items": [{"key": f"REST{number}", "effects": BAN} for number in range(3)]
            + [{"key": "LAST"}],
        },
    ],
}
