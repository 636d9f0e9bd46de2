"""Where photos are kept: one file each in a folder, named by chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from fsspec.core import url_to_fs


class PhotoFiles:
    """The folder of photos, on this machine or wherever fsspec reaches."""

    def __init__(self, var_dir: Path) -> None:
        self._files, self._folder = url_to_fs(str(var_dir / "photos"))

    def write(self, name: str, data: bytes) -> None:
        self._files.makedirs(self._parent(name), exist_ok=True)
        self._files.pipe_file(self._path(name), data)

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
        return f"{self._parent(name)}/{name}.jpg"

    def _parent(self, name: str) -> str:
        return f"{self._folder}/{name[:2]}"


def _written(about: dict[str, object]) -> datetime:
    """Local files tell seconds, object stores tell a time."""
    found = about.get("mtime", about.get("LastModified"))
    if isinstance(found, datetime):
        return found
    assert isinstance(found, int | float)
    return datetime.fromtimestamp(found, UTC)
