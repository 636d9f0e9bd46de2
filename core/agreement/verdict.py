"""Do two raters agree on an item? One verdict from two coefficients that can both fail.

AC1 (Gwet 2008) holds where one answer is very common; Krippendorff's alpha asks whether the raters
find the same units where they do not give the common answer. Both must speak for agreement. How
surely a coefficient lies beyond a benchmark is told by the probability that its interval implies
(Gwet 2014, chapter 6), so that few pairs prove nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scipy import special

from core.agreement.pairs import PairAgreement
from core.agreement.result import Agreement
from core.text.sentence import Sentence

FEWEST_PAIRS = 10
GOOD = 0.6
"""AC1 from which agreement is called good (Altman 1991)."""
FAIR = 0.4
"""Alpha below which the raters do not find the same units; the same source's fair agreement."""
CERTAINTY = 0.95


class AgreementVerdict(StrEnum):
    AGREES = "agrees"
    DOUBTFUL = "doubtful"
    DISAGREES = "disagrees"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class AgreementJudgement:
    """The verdict and why.

    Attributes:
        verdict: agrees, doubtful, disagrees, or too few pairs.
        good: probability that AC1 is at least GOOD; None without an interval.
        sentence: why, in words.
    """

    verdict: AgreementVerdict
    good: float | None
    sentence: Sentence


TOO_FEW = "{n} pairs; at least {fewest} are needed for a verdict."
AGREES = "Raters agree well beyond chance."
DISAGREES = "Raters agree too little: AC1 lies below {good}."
RARE = (
    "Alike mostly in the common answer: alpha lies below {fair}, so raters mark down different "
    "encounters."
)
CLOSE = "Raters differ, but seldom by much: AC2, which counts near misses in part, is {ac2:.2f}."
UNSURE = "The pairs do not tell whether agreement is good."


def judge(figures: PairAgreement) -> AgreementJudgement:
    """The verdict on one item.

    - too few: fewer than FEWEST_PAIRS pairs.
    - disagrees: AC1 is below GOOD with a probability of CERTAINTY, or is below it while alpha is
      below FAIR with that probability.
    - agrees: AC1 is at least GOOD with that probability, and alpha at least FAIR; ratings that are
      all the same have no alpha, and need none.
    - doubtful: everything else.
    """
    ac1, alpha = figures.ac1, figures.alpha
    good = probability_from(ac1, figures.n, GOOD)
    if figures.n < FEWEST_PAIRS or good is None or ac1.value is None:
        few = Sentence(TOO_FEW, {"n": figures.n, "fewest": FEWEST_PAIRS})
        return AgreementJudgement(AgreementVerdict.TOO_FEW, good, few)
    fair = probability_from(alpha, figures.judged, FAIR)
    apart = fair is not None and fair <= 1 - CERTAINTY
    if good <= 1 - CERTAINTY or (ac1.value < GOOD and apart):
        return AgreementJudgement(AgreementVerdict.DISAGREES, good, _why_apart(figures))
    if alpha.value is not None and alpha.value < FAIR:
        return AgreementJudgement(AgreementVerdict.DOUBTFUL, good, Sentence(RARE, {"fair": FAIR}))
    if good >= CERTAINTY:
        return AgreementJudgement(AgreementVerdict.AGREES, good, Sentence(AGREES))
    return AgreementJudgement(AgreementVerdict.DOUBTFUL, good, Sentence(UNSURE))


def probability_from(coefficient: Agreement, units: int, benchmark: float) -> float | None:
    """Probability that the coefficient is at least the benchmark (Gwet 2014), from 0 to 1.

    Student's t with one degree of freedom fewer than units, cut off at 1, beyond which no
    coefficient lies. None where the coefficient has no interval.
    """
    if coefficient.value is None or not coefficient.standard_error or units < 2:
        return None
    below, possible = (
        float(special.stdtr(units - 1, (end - coefficient.value) / coefficient.standard_error))
        for end in (benchmark, 1.0)
    )
    return (possible - below) / possible


def _why_apart(figures: PairAgreement) -> Sentence:
    """That they differ, and where AC2 says otherwise, why."""
    if figures.ac2.value is not None and figures.ac2.value >= GOOD:
        return Sentence(CLOSE, {"ac2": figures.ac2.value})
    return Sentence(DISAGREES, {"good": GOOD})
