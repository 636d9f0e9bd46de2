"""The desk with its case handler, behind the pages."""

import pytest

from tests.support.files.desk import desk_of


@pytest.fixture
def desk(wired):
    return desk_of(wired)
