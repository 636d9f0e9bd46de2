"""Do inspectors agree? Coefficients of agreement, each with an interval beside it.

A coefficient is a plain number, or None where the data cannot say; `why_undefined` and the
`reason` of the interval say why.
"""

from core.agreement.alpha import krippendorff_alpha, krippendorff_interval
from core.agreement.correlation import icc, icc_interval
from core.agreement.kappa import weighted_kappa, weighted_kappa_interval
from core.agreement.nominal import (
    fleiss_interval,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac1_interval,
    gwet_ac2,
    gwet_ac2_interval,
    percent_agreement,
    percent_agreement_interval,
)
from core.agreement.pairs import (
    PairAgreement,
    PairSums,
    ShareSums,
    difference,
    pair_agreement,
    pair_icc,
    shared_ac1,
)
from core.agreement.ratings import why_undefined
from core.agreement.result import Agreement
from core.agreement.verdict import AgreementJudgement, AgreementVerdict, judge

__all__ = [
    "Agreement",
    "AgreementJudgement",
    "AgreementVerdict",
    "PairAgreement",
    "PairSums",
    "ShareSums",
    "difference",
    "fleiss_interval",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac1_interval",
    "gwet_ac2",
    "gwet_ac2_interval",
    "icc",
    "icc_interval",
    "judge",
    "krippendorff_alpha",
    "krippendorff_interval",
    "pair_agreement",
    "pair_icc",
    "percent_agreement",
    "percent_agreement_interval",
    "shared_ac1",
    "weighted_kappa",
    "weighted_kappa_interval",
    "why_undefined",
]
