"""Small counts of people are withheld before anybody sees them.

Counts from 1 to 5 of people are replaced by the word "suppressed", on every road: page, export, command line,
pack. Zero is shown. This is primary suppression only: a withheld count may still be worked out from a total
and its other parts, so every output says so until secondary suppression exists.

Source: DfE, *Children looked after in England*, methodology (primary suppression ``c``); the threshold of 5
and the showing of zeros are this toolkit's default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["NOTICE", "THRESHOLD", "is_small", "withhold_readings"]

THRESHOLD = 5
NOTICE = "Counts of people from 1 to 5 are withheld: primary suppression only."


def is_small(count: float | None, threshold: int = THRESHOLD) -> bool:
    """Tell whether a count of people is too small to show: from above 0 to the threshold, of either sign.

    Examples
    --------
    >>> [is_small(n) for n in (0, 1, 5, 6, -3, None)]
    [False, True, True, False, True, False]
    """
    return count is not None and 0 < abs(count) <= threshold


def withhold_readings(frame: pl.DataFrame, threshold: int = THRESHOLD) -> pl.DataFrame:
    """Withhold the small counts in a frame of readings.

    A reading of a measure that counts people is withheld when its value, its numerator or its denominator is
    from 1 to the threshold. All three then become null, and ``missing`` says "suppressed".

    Parameters
    ----------
    frame : polars.DataFrame
        Has a column ``counts_people`` (true where people are counted) and any of ``value``, ``numerator``,
        ``denominator``, ``missing``.
    threshold : int
        The largest count that is withheld.

    Returns
    -------
    polars.DataFrame
        The same frame with small counts gone.
    """
    import polars as pl

    held = [c for c in ("value", "numerator", "denominator") if c in frame.columns]
    if "counts_people" not in frame.columns or not held:
        return frame
    is_share = pl.col("denominator").is_not_null() if "denominator" in frame.columns else pl.lit(value=False)

    def small(name: str) -> pl.Expr:
        size = pl.col(name).abs()
        test = (size > 0) & (size <= threshold)
        return test & ~is_share if name == "value" else test

    withheld = pl.col("counts_people").fill_null(value=False) & pl.any_horizontal(
        [small(c).fill_null(value=False) for c in held]
    )
    marked = frame.with_columns(withheld.alias("_withheld"))
    changes = [pl.when("_withheld").then(None).otherwise(pl.col(c)).alias(c) for c in held]
    if "missing" in frame.columns:
        changes.append(
            pl.when("_withheld").then(pl.lit("suppressed")).otherwise(pl.col("missing")).alias("missing")
        )
    return marked.with_columns(changes).drop("_withheld")
