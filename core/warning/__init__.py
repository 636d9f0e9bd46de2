"""Early warning: whether a month is worse than the own past explains."""

from core.warning.counts import Alarm, MonthCount, MonthSign, signs, tail

__all__ = ["Alarm", "MonthCount", "MonthSign", "signs", "tail"]
