"""What tests of the database itself share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.__main__ import main
from db.cli import worker


@pytest.fixture
def command_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Run a command on an engine's database; gives its status and standard error."""

    def command(engine: Engine, *arguments: str) -> tuple[int, str]:
        monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
        monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
        for name in worker._ONE_THREAD:
            monkeypatch.setenv(name, "1")
        capsys.readouterr()
        status = main(list(arguments))
        return status, capsys.readouterr().err

    return command
