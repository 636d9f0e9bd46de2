"""The script that is put before that of every component."""

from __future__ import annotations

from pathlib import Path

ELEMENTS = (Path(__file__).parent / "elements.js").read_text(encoding="utf-8")
