"""The moment at which every test takes place."""

from datetime import UTC, datetime

NOW = datetime(2026, 3, 10, 4, 30, tzinfo=UTC)  # 12:30 in Taipei, a Tuesday
