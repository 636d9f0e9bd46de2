"""How alike texts and losses are, to find the cases most like one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.text.textfold import fold

_SHORTEST, _LONGEST = 2, 3
_MOST_READ = 4_000
"""Characters of a text that are compared."""


def text_similarity(text: str, others: Sequence[str]) -> NDArray[np.float64]:
    """Cosine similarity of a text to each of others, by TF-IDF of overlapping characters.

    Terms are two and three characters of the folded text, so that Chinese needs no words and
    both scripts are alike. Range 0 to 1; 0 for a text that is empty or shares nothing. The
    weights are those of the texts given. Source of the weighting: Salton and Buckley (1988),
    as scikit-learn computes it (smoothed idf, l2 norm, sublinear tf).
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  a second to import

    texts = [fold(one[:_MOST_READ]) for one in (text, *others)]
    if not texts[0].strip() or not others:
        return np.zeros(len(others))
    vectorizer = TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(_SHORTEST, _LONGEST),
        sublinear_tf=True,
        lowercase=False,
    )
    vectors = vectorizer.fit_transform(texts)
    similarities: NDArray[np.float64] = (vectors[1:] @ vectors[0].T).toarray().ravel()
    return similarities


def loss_similarity(lost: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The part of the lost points that two cases lost at the same items (weighted Jaccard).

    sum of the smaller losses / sum of the larger, over all items. Range 0 to 1; two cases that
    lost nothing are alike (1).
    """
    keys = lost.keys() | other.keys()
    larger = sum(max(lost.get(key, 0.0), other.get(key, 0.0)) for key in keys)
    if larger == 0:
        return 1.0
    return sum(min(lost.get(key, 0.0), other.get(key, 0.0)) for key in keys) / larger
