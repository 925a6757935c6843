"""What the journal's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from oona.core.errors import StorageFault
from tests.lives import Life


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    """An empty life in memory."""
    made = Life(tmp_path)
    yield made
    try:
        made.journal.close()
    except StorageFault:
        return  # a test may leave its disk broken
