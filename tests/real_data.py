"""The real dialogues as rows of import files. Texts stay where they are, they do not ship.

What the data sets lack is made up, plainly and the same each time: station, time of the encounter.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from tests.support.requirements import real_data

Row = dict[str, Any]

_FIRST = datetime(2026, 1, 5, 9, tzinfo=timezone(timedelta(hours=8)))
_DESKS = ("PEK-PHONE", "SHA-PHONE", "CAN-PHONE", "CTU-PHONE")
_ENOUGH = 20  # dialogues of an account that make it a station of its own
_OTHERS = "OTHERS"


def crsa_stations() -> list[Row]:
    """A head office with four telephone desks below it."""
    return [_station("HQ", "head_office"), *(_station(desk, "phone_desk", "HQ") for desk in _DESKS)]


def crsa_interactions() -> Iterator[Row]:
    """The 768 airline-ticket dialogues as telephone calls, given to the desks in turn."""
    path = real_data("crsa") / "RawDialoguesData.json"
    dialogues: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    for number, (name, turns) in enumerate(dialogues.items()):
        yield {
            "source": "crsa",
            "external_id": f"CRSA-{name}",
            "channel": "phone",
            "station_code": _DESKS[number % len(_DESKS)],
            "occurred_at": _moment(number),
            "language": "zh-CN",
            "turns": [
                {"speaker": "agent" if key.startswith("system") else "customer", "text": text}
                for key, text in sorted(turns.items(), key=lambda turn: int(turn[0].split("_")[1]))
            ],
        }


def stc3_stations() -> list[Row]:
    """A chat desk for each service account with twenty dialogues or more, one for the others."""
    often = [name for name, count in Counter(_accounts().values()).items() if count >= _ENOUGH]
    return [_station(name, "chat_desk") for name in (*sorted(filter(None, often)), _OTHERS)]


def stc3_interactions() -> Iterator[Row]:
    """The 3,700 customer-helpdesk dialogues as chats of the account they name first."""
    stations = {row["code"] for row in stc3_stations()}
    accounts = _accounts()
    with gzip.open(real_data("stc3") / "dialogues_cn.jsonl.gz", "rt", encoding="utf-8") as file:
        for number, line in enumerate(file):
            dialogue = json.loads(line)
            account = accounts[dialogue["id"]]
            yield {
                "source": "stc3",
                "external_id": dialogue["id"],
                "channel": "chat",
                "station_code": account if account in stations else _OTHERS,
                "occurred_at": _moment(number),
                "language": "zh-CN",
                "turns": [
                    {
                        "speaker": "agent" if turn["sender"] == "helpdesk" else "customer",
                        "text": "\n".join(turn["utterances"]),
                    }
                    for turn in dialogue["turns"]
                ],
            }


def write_jsonl(path: Path, rows: Iterable[Row]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return path


def _accounts() -> dict[str, str]:
    """The service account each STC-3 dialogue names first, empty if none."""
    with (real_data("stc3") / "dialogue_account.csv").open(encoding="utf-8") as file:
        return {row["dialogue_id"]: row["first_mentioned_account"] for row in csv.DictReader(file)}


def _station(code: str, kind: str, parent: str | None = None) -> Row:
    names = dict.fromkeys(("name_zh_TW", "name_zh_CN", "name_en"), code)
    return {"code": code, **names, "kind": kind, "parent_code": parent, "timezone": "Asia/Shanghai"}


def _moment(number: int) -> str:
    return (_FIRST + timedelta(minutes=17 * number)).isoformat()
