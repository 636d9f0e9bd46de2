"""The standards library and the shipped checklists."""

from core.library.items import Critical, LibraryItem
from core.library.load import Library, load_checklist, load_checklists, load_library

__all__ = [
    "Critical",
    "Library",
    "LibraryItem",
    "load_checklist",
    "load_checklists",
    "load_library",
]
