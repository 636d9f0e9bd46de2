"""Whom to score, how many, and what a sample says about the whole."""

from core.sampling.draw import Drawn, draw
from core.sampling.means import Estimate, Stratum, hajek_mean, stratified_mean
from core.sampling.shares import Interval, margin_of_error, sample_size, wilson_interval
from core.sampling.survival import Ended, Survival, SurvivalStep, kaplan_meier

__all__ = [
    "Drawn",
    "Ended",
    "Estimate",
    "Interval",
    "Stratum",
    "Survival",
    "SurvivalStep",
    "draw",
    "hajek_mean",
    "kaplan_meier",
    "margin_of_error",
    "sample_size",
    "stratified_mean",
    "wilson_interval",
]
