"""Early warning: whether something is worse than the own past explains, and what becomes of it."""

from core.warning.counts import Alarm, MonthCount, MonthSign, month_signs, tail

__all__ = ["Alarm", "MonthCount", "MonthSign", "month_signs", "tail"]
