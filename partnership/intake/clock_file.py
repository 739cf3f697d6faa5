"""A file of clocks, as stores of before had it beside them, read into rows of the plan."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from partnership.commitments import read_clock_rules
from partnership.errors import Finding, InvalidInput
from partnership.personal_data import finding_for, scan_text
from partnership.plan import Batch
from partnership.tables import frame

if TYPE_CHECKING:
    from partnership.commitments import ClockRule

__all__ = ["read_clock_file"]

_LARGEST = 1_000_000


def read_clock_file(data: bytes, name: str) -> tuple[Batch | None, list[Finding]]:
    """Read a file of clocks: TOML with ``[[working_week]]`` and ``[[clock]]``, as in ``parameters.toml``.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        Its name, kept with the change.

    Returns
    -------
    tuple[Batch | None, list[Finding]]
        None when it cannot be read, or anything in it is wrong; the finding says what.

    Examples
    --------
    >>> [str(f)[:38] for f in read_clock_file(b"clock = 4", "own.clocks.toml")[1]]
    ['file: The file of clocks has something']
    """
    mend = "Mend the file and load it again. Nothing was stored."
    if len(data) > _LARGEST:
        return None, [_refused(f"{len(data):,} bytes are too many for a file of clocks.", mend)]
    try:
        rules = read_clock_rules(data.decode("utf-8"))
    except UnicodeDecodeError:
        return None, [_refused("It is no text in UTF-8.", "Save it as UTF-8, or bring another file.")]
    except InvalidInput as fault:
        return None, [_refused(str(fault), mend)]
    if not rules:
        return None, [_refused("No [[clock]] and no [[working_week]] stands in it.", mend)]
    findings = [
        finding_for(hit, f"{rule.clock_id}, {header}")
        for rule in rules
        for header, text in _texts(rule)
        for hit in scan_text(text, context=header)
    ]
    rows = frame(rules, "clocks")
    import polars as pl

    rows = rows.with_columns(pl.Series("row_key", [r.id for r in rules], dtype=pl.String))
    batch = Batch(
        frames={"clocks": rows},
        rows_read=len(rules),
        rows_kept=len(rules),
        source_name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        kind="clocks",
    )
    return batch, findings


def _texts(rule: ClockRule) -> list[tuple[str, str]]:
    said = {"Name": rule.name, "Colour": rule.colour, "Source": rule.source}
    return [(header, text) for header, text in said.items() if text]


def _refused(found: str, do: str) -> Finding:
    return Finding(code="clocks-file", severity="error", place="file", found=found, do=do)
