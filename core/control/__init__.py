"""Has the process changed, or does it only vary? Control charts with their limits and signals.

A signal is a point outside its limits, given by its position from 0. A missing point (None or
NaN) is drawn nowhere, raises no signal and enters no estimate; limits that the data cannot give
are None and `reason` says why.
"""

from core.control.attributes import c_chart, laney_p_chart, p_chart
from core.control.chart import Chart, CusumChart, FlatChart, LaneyChart
from core.control.chart_choice import share_chart, smoothed_chart
from core.control.run_rules import RunRule, in_deviations, run_rules
from core.control.trends import MonthMean, TrendJudgement, judge_trends
from core.control.variables import cusum_chart, ewma_chart, individuals_chart, means_chart

__all__ = [
    "Chart",
    "CusumChart",
    "FlatChart",
    "LaneyChart",
    "MonthMean",
    "RunRule",
    "TrendJudgement",
    "c_chart",
    "cusum_chart",
    "ewma_chart",
    "in_deviations",
    "individuals_chart",
    "judge_trends",
    "laney_p_chart",
    "means_chart",
    "p_chart",
    "run_rules",
    "share_chart",
    "smoothed_chart",
]
