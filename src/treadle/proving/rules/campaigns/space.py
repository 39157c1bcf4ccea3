"""Parameters together: from the standard normal space to parameters and back.

Independent parameters, or a Gaussian copula: A. Der Kiureghian, P.-L. Liu, Journal of Engineering
Mechanics 112 (1986) 85; A. Nataf, Comptes rendus 225 (1962) 42. The origin is nominal: every
parameter at its median; the distance from it says how unlikely a case is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special
from scipy.stats import rankdata

from treadle.kernel import InvalidInputError
from treadle.proving.rules import distribution_random as standard
from treadle.proving.rules.campaigns.asking import Outcome
from treadle.proving.rules.campaigns.fitting import FEWEST, fits
from treadle.proving.rules.campaigns.marginals import Marginal, of_standard

_LEAST = 1e-6
"""Smallest eigenvalue that a correlation may have: less and one parameter is fixed by others."""


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """Named parameters with their joint distribution.

    Attributes
    ----------
    names : (d,)
    marginals : (d,)
    factor : (d, d) or None
        Lower triangular root of the correlation of the normal scores; None where independent.
    """

    names: tuple[str, ...]
    marginals: tuple[Marginal, ...]
    factor: np.ndarray | None = None

    @property
    def dimension(self) -> int:
        """How many parameters there are."""
        return len(self.names)

    def parameters(self, points: np.ndarray) -> np.ndarray:
        """Return the parameters at points of the standard normal space, (n, d)."""
        scores = points if self.factor is None else points @ self.factor.T
        columns: list[np.ndarray] = [
            m.from_normal(scores[:, i]) for i, m in enumerate(self.marginals)
        ]
        return np.stack(columns, axis=1)

    def points(self, parameters: np.ndarray) -> np.ndarray:
        """Return where parameters are in the standard normal space, (n, d)."""
        columns = [m.to_normal(parameters[:, i]) for i, m in enumerate(self.marginals)]
        scores: np.ndarray = np.stack(columns, axis=1)
        if self.factor is None:
            return scores
        found: np.ndarray = np.linalg.solve(self.factor, scores.T).T
        return found

    def at_shares(self, shares: np.ndarray) -> np.ndarray:
        """Return the parameters of a design of shares, 0 to 1 each, (n, d).

        Shares become normal scores, so a design is as even as it was in what is likely, and keeps
        the correlation.
        """
        inside = np.clip(np.asarray(shares, np.float64), 2.0**-54, 1.0 - 2.0**-53)
        return self.parameters(special.ndtri(inside))

    def density(self, parameters: np.ndarray) -> np.ndarray:
        """Return the joint density at parameters, (n,); of stepped ones the probability."""
        columns = [m.density(parameters[:, i]) for i, m in enumerate(self.marginals)]
        found: np.ndarray = np.prod(np.stack(columns, axis=1), axis=1)
        if self.factor is None:
            return found
        u = self.points(parameters)
        z = u @ self.factor.T
        logarithm = 0.5 * (z**2).sum(axis=1) - 0.5 * (u**2).sum(axis=1)
        copula: np.ndarray = np.exp(logarithm - np.log(np.diag(self.factor)).sum())
        together: np.ndarray = found * copula
        return together

    def composed(self, outcome: Outcome) -> Outcome:
        """Return a limit state of parameters as one of the standard normal space."""
        return lambda points: outcome(self.parameters(points))


def space(
    marginals: Mapping[str, Marginal], correlation: Sequence[Sequence[float]] | None = None
) -> Space:
    """Return parameters with these distributions, independent or correlated.

    Parameters
    ----------
    marginals
        By the names of their parameters.
    correlation : (d, d)
        Of the normal scores.

    Raises
    ------
    InvalidInputError
        There is no parameter, or the correlation is none.
    """
    names = tuple(marginals)
    if not names:
        text = "a campaign without a parameter has a single case; vary one"
        raise InvalidInputError(text)
    if correlation is None:
        return Space(names, tuple(marginals.values()))
    r = np.asarray(correlation, np.float64)
    shaped = r.shape == (len(names), len(names))
    if not shaped or not np.allclose(r, r.T) or not np.allclose(np.diag(r), 1.0):
        text = f"a correlation of {len(names)} parameters is symmetric with 1 on its diagonal"
        raise InvalidInputError(text)
    if float(np.linalg.eigvalsh(r).min()) < _LEAST / 2:
        text = (
            "these correlations contradict one another, or fix a parameter by others; loosen them"
        )
        raise InvalidInputError(text)
    return Space(names, tuple(marginals.values()), np.linalg.cholesky(r))


def space_of_draws(draws: standard.Draws) -> Space:
    """Return the stochastic distributions of a variation file as a space.

    Raises
    ------
    InvalidInputError
        One is of no known kind, or there is none.
    """
    return space({name: of_standard(one, name) for name, one in draws.distributions.items()})


def fitted_space(samples: Mapping[str, np.ndarray], *, correlated: bool = True) -> Space:
    """Return the space that fits recorded samples: the best distribution of each, and a copula.

    Parameters
    ----------
    samples : (n,) each
        Recorded together: row i of each is of the same moment.
    correlated
        Whether to fit their correlation too, from the normal scores of ranks.

    Raises
    ------
    InvalidInputError
        The columns are of different lengths, or cannot be fitted.
    """
    if len({len(v) for v in samples.values()}) > 1:
        text = "recorded parameters are of different lengths; give what was recorded together"
        raise InvalidInputError(text)
    marginals: dict[str, Marginal] = {name: fits(v)[0].marginal for name, v in samples.items()}
    if not correlated or len(samples) < 2:  # noqa: PLR2004 - one is correlated with nothing
        return space(marginals)
    return space(marginals, rank_correlation(np.stack(list(samples.values()), axis=1)).tolist())


def rank_correlation(samples: np.ndarray) -> np.ndarray:
    """Return the correlation of normal scores of ranks, (d, d), made positive definite.

    Source: K. Boudt, J. Cornelissen, C. Croux, Metrika 75 (2012) 31.

    Parameters
    ----------
    samples : (n, d)

    Raises
    ------
    InvalidInputError
        There are too few samples.
    """
    n = len(samples)
    if n < FEWEST:
        text = f"{n} samples say nothing of a correlation; record at least {FEWEST}"
        raise InvalidInputError(text)
    scores = special.ndtri(rankdata(samples, axis=0) / (n + 1.0))
    r = np.corrcoef(scores, rowvar=False)
    values, vectors = np.linalg.eigh(r)
    r = (vectors * np.maximum(values, _LEAST)) @ vectors.T
    scale = np.sqrt(np.diag(r))
    found: np.ndarray = r / np.outer(scale, scale)
    found[np.diag_indices_from(found)] = 1.0
    return found


def distance(points: np.ndarray) -> np.ndarray:
    """Return how far points of the standard normal space are from nominal, (n,)."""
    found: np.ndarray = np.linalg.norm(points, axis=1)
    return found


def one_sided(distance_from_nominal: float) -> float:
    """Return how likely failure is beyond a plane at this distance from nominal.

    The first-order estimate of a failure probability (FORM): right for a plane, else a first look.
    """
    return 0.5 * math.erfc(distance_from_nominal / math.sqrt(2.0))
