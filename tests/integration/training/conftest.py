"""A station whose people are trained."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.support.databases import Databases
from tests.support.training.trainees import trainees


@pytest.fixture
def session(databases: Databases) -> Iterator[Session]:
    with trainees(databases) as session:
        yield session
