"""Views of the checklists page: the list, the standards library, a version, the editor."""
