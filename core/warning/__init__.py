"""Early warning: whether something is worse than the own past explains, and what becomes of it."""

from core.warning.counts import Alarm, MonthCount, MonthSign, signs, tail

__all__ = ["Alarm", "MonthCount", "MonthSign", "signs", "tail"]
