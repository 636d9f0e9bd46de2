"""Whom to score, how many, and what a sample says about the whole."""

from core.sampling.draw import Drawn, draw
from core.sampling.means import Estimate, Stratum, hajek_mean, stratified_mean
from core.sampling.shares import Interval, margin_of_error, sample_size, wilson_interval

__all__ = [
    "Drawn",
    "Estimate",
    "Interval",
    "Stratum",
    "draw",
    "hajek_mean",
    "margin_of_error",
    "sample_size",
    "stratified_mean",
    "wilson_interval",
]
