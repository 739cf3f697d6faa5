"""Our workbook, out and in: generated from the record types, so that a new record has its sheet by itself.

Out: :func:`write_template` for somebody to fill in, :func:`write_workbook` for the plan as it is stored. In:
:func:`read_workbook`, which finds every fault in one pass. What is written comes back equal.
"""

from __future__ import annotations

from partnership.intake._export import write_template, write_workbook
from partnership.intake._layout import SCHEMA_VERSION
from partnership.intake._opening import read_workbook

__all__ = ["SCHEMA_VERSION", "read_workbook", "write_template", "write_workbook"]
