"""The settings of this process: environment first, then the `.env` file."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from dotenv import dotenv_values

from core.errors import SettingError
from core.settings import Settings

PORTAL = Path(__file__).parents[2]
"""The portal's folder, which relative paths of the settings start from, wherever it is run."""


def load_settings(env_file: Path = PORTAL / ".env") -> Settings:
    """Settings from `.env` in the portal's folder, overlaid by the environment.

    Raises:
        SettingError: a value is wrong, or the file is no text; the message names it.
    """
    try:
        from_file = {key: value or "" for key, value in dotenv_values(env_file).items()}
    except UnicodeDecodeError:
        raise SettingError("{file} is not in UTF-8; save it so.", file=env_file) from None
    return Settings.parse({**from_file, **os.environ}).below(PORTAL)


def portal_version() -> str:
    """The version that pyproject.toml names."""
    project = tomllib.loads((PORTAL / "pyproject.toml").read_text(encoding="utf-8"))
    version: str = project["project"]["version"]
    return version
