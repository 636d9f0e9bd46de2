"""Items of a checklist answered from the words of an encounter, where that can be proven.

A suggestion is yes with the words that show it, no where the whole passage lacks them, or nothing
with a reason (docs/prescoring.md). Nobody's score comes of it.
"""
