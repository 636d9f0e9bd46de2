"""Where photos are kept: one file each in a folder, named by chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from fsspec.core import url_to_fs

_FOLDER = "photos"


def place_of(name: str) -> str:
    """Where a photo lies below VAR_DIR."""
    return f"{_FOLDER}/{_within(name)}"


class PhotoFiles:
    """The folder of photos, on this machine or wherever fsspec reaches."""

    def __init__(self, var_dir: Path) -> None:
        self._files, self._folder = url_to_fs(str(var_dir / _FOLDER))

    def write(self, name: str, data: bytes) -> None:
        path = self._path(name)
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        self._files.pipe_file(path, data)

    def read(self, name: str) -> bytes | None:
        """The photo; None when its file is gone."""
        try:
            data: bytes = self._files.cat_file(self._path(name))
        except FileNotFoundError:
            return None
        return data

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            with suppress(FileNotFoundError):
                self._files.rm_file(self._path(name))

    def older_than(self, moment: datetime) -> Iterator[str]:
        """The names of all photos written before a moment."""
        if not self._files.exists(self._folder):
            return
        for path, about in self._files.find(self._folder, detail=True).items():
            if _written(about) < moment:
                yield Path(path).stem

    def _path(self, name: str) -> str:
        return f"{self._folder}/{_within(name)}"


def _within(name: str) -> str:
    return f"{name[:2]}/{name}.jpg"


def _written(about: dict[str, object]) -> datetime:
    """Local files tell seconds, object stores tell a time."""
    moment = about.get("mtime", about.get("LastModified"))
    if isinstance(moment, datetime):
        return moment
    assert isinstance(moment, int | float)
    return datetime.fromtimestamp(moment, UTC)
