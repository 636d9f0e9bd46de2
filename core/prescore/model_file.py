"""A learned model as a file: plain arrays and JSON in a zip archive, named by what is in it.

Nothing in it is run when it is read, which pickled objects would be. The same model makes the same
bytes; its name, which stands behind them, is a hash of them.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInput
from core.prescore.learned_model import EndingGate, LearnedModel, ViewWeights
from core.prescore.logistic import LinearModel
from core.prescore.risk_control import Threshold
from core.prescore.views import View
from core.prescore.vocabulary import Vocabulary

_FORMAT = "service quality prescore model 1"
_FIELDS = "model.json"
_ENDING = "ending"
_MOMENT = (1980, 1, 1, 0, 0, 0)
_LARGEST = 512 * 1024 * 1024

Arrays = dict[str, NDArray[Any]]


def packed(model: LearnedModel) -> bytes:
    """The bytes of a model's file."""
    arrays = sorted(_arrays(model).items())
    members = {_FIELDS: _json(_fields(model))}
    members |= {f"{name}.npy": _array_bytes(array) for name, array in arrays}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), data)
        archive.comment = _version(members).encode()
    return content.getvalue()


def read_model(path: Path) -> tuple[LearnedModel, str]:
    """The model in a file, and its version.

    Raises:
        InvalidInput: it cannot be read, is no model, or was changed.
    """
    try:
        content = path.read_bytes()
    except (OSError, ValueError):
        raise InvalidInput("The file {file} cannot be read.", file=path.name) from None
    try:
        members, version = _members(content)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError):
        raise InvalidInput(
            "The file {file} holds no model, or was changed.", file=path.name
        ) from None
    fields = json.loads(members.pop(_FIELDS))
    arrays = {
        name.removesuffix(".npy"): np.load(io.BytesIO(data), allow_pickle=False)
        for name, data in members.items()
    }
    return _model(fields, arrays), version


def _members(content: bytes) -> tuple[dict[str, bytes], str]:
    """What `packed` put into the archive, and its version; nothing of it is looked into yet.

    Raises:
        BadZipFile: it is another archive, or was changed.
        ValueError: its table points before the file's start, or names a member in no UTF-8.
        EOFError: a member is said to be longer than the file.
        NotImplementedError: it is said to need a later kind of zip.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        listed = archive.infolist()
        is_plain = all(
            member.compress_type == zipfile.ZIP_STORED and not member.flag_bits for member in listed
        )
        if not is_plain or sum(member.file_size for member in listed) > _LARGEST:
            raise zipfile.BadZipFile(_FORMAT)
        members = {member.filename: archive.read(member) for member in listed}
        version = _version(members)
        if archive.comment != version.encode():
            raise zipfile.BadZipFile(_FORMAT)
    return members, version


def _arrays(model: LearnedModel) -> Arrays:
    arrays: Arrays = {}
    for view, weights in model.views.items():
        arrays[f"{view}-keys"] = weights.vocabulary.keys
        arrays[f"{view}-rarity"] = weights.vocabulary.rarity
        arrays[f"{view}-weights"] = weights.weights
    if model.ending:
        arrays[_ENDING] = model.ending.model.weights
    return arrays


def _fields(model: LearnedModel) -> dict[str, Any]:
    return {
        "item": model.item,
        "speakers": list(model.speakers),
        "languages": list(model.languages),
        "views": [view.value for view in model.views],
        "bias": model.bias,
        "odds": list(model.odds),
        "yes": asdict(model.yes) if model.yes else None,
        "no": asdict(model.no) if model.no else None,
        "least_known": model.least_known,
        "ending": {"bias": model.ending.model.bias, "least": model.ending.least}
        if model.ending
        else None,
    }


def _model(fields: Mapping[str, Any], arrays: Arrays) -> LearnedModel:
    factor, summand = fields["odds"]
    ending = fields["ending"]
    return LearnedModel(
        item=fields["item"],
        speakers=tuple(fields["speakers"]),
        languages=tuple(fields["languages"]),
        views={
            View(name): ViewWeights(
                Vocabulary(arrays[f"{name}-keys"], arrays[f"{name}-rarity"]),
                arrays[f"{name}-weights"],
            )
            for name in fields["views"]
        },
        bias=fields["bias"],
        odds=(factor, summand),
        yes=Threshold(**fields["yes"]) if fields["yes"] else None,
        no=Threshold(**fields["no"]) if fields["no"] else None,
        least_known=fields["least_known"],
        ending=EndingGate(LinearModel(arrays[_ENDING], ending["bias"]), ending["least"])
        if ending
        else None,
    )


def _version(members: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(_FORMAT.encode())
    for name, data in members.items():
        digest.update(f"\n{name} {len(data)}\n".encode() + data)
    return digest.hexdigest()[:16]


def _json(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _array_bytes(array: NDArray[Any]) -> bytes:
    content = io.BytesIO()
    np.lib.format.write_array(content, np.ascontiguousarray(array), allow_pickle=False)
    return content.getvalue()
