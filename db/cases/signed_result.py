"""A case as a file that proves its score to whoever holds it, without the portal."""

from __future__ import annotations

import json

from core.results.proof import fingerprint, issue
from db.cases.queries.case import CaseView
from db.store.keys import Keys


def signed_result(view: CaseView, keys: Keys) -> str:
    """Answers, checklist and score sheet as JSON at full precision, signed by the portal.

    What the reader may not know is not in it, as it is not in the view; nor is who inspected.
    """
    about = {
        "inspection": view.inspection_id,
        "encounter": view.case_no,
        "station": view.station_code,
        "person": view.staff,
        "occurred_at": view.occurred_at.isoformat(),
        "submitted_at": view.submitted_at.isoformat(),
        "state": str(view.state),
        "version": view.version,
    }
    key = keys.signing_keys_ever()[0]
    result = issue(about, view.checklist, view.raw_answers, view.sheet, key)
    return json.dumps(result, ensure_ascii=False, indent=1)


def signing_fingerprint(keys: Keys) -> str:
    """What the portal's key is known by, to compare with the one that a file names."""
    return fingerprint(keys.signing_keys_ever()[0].public_key().public_bytes_raw())
