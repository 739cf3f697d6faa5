"""Shares of the doubt for the page: made once for all who ask the same, told of, stopped by who waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dashboards.working import Working

if TYPE_CHECKING:
    import threading

    from partnership._roi.appraisal import Appraisal
    from partnership._roi.doubt_shares import Sobol

__all__ = ["DoubtWork"]


class DoubtWork(Working):
    """Works out Sobol indices for pages, each once."""

    def shares(
        self,
        asked: tuple[Any, ...],
        appraisal: Callable[[], Appraisal],
        samples: int,
        ask: str = "",
        **chosen: Any,
    ) -> Sobol:
        """Return the Sobol indices of an appraisal.

        Parameters
        ----------
        asked : tuple
            What makes the appraisal another one.
        appraisal : Callable
            Gives it.
        samples : int
            Base samples, a power of two.
        ask : str
            Names the page that waits for it.
        **chosen
            Agency and seed.

        Raises
        ------
        Cancelled
            If it was stopped before there was enough for any answer.
        """
        from partnership._workflows.uncertainty import shares_of_doubt

        def make(stop: threading.Event) -> Sobol:
            try:
                return shares_of_doubt(
                    appraisal(), samples=samples, progress=self._tell(ask), cancelled=stop.is_set, **chosen
                )
            finally:
                self._told(ask)

        key = self._as_stored("doubt", asked, samples, *sorted(chosen.items()))
        return self._once(key, ask, make)
