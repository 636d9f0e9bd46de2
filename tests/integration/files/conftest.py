"""The desk with its case handler."""

import pytest

from tests.support.files.desk import desk_of


@pytest.fixture
def desk_with_files(seeded):
    return desk_of(seeded)
