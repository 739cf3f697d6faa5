"""Our workbook, out and in: generated from the record types, so that a new record has its sheet by itself.

Out: :func:`write_template` for somebody to fill in, :func:`write_workbook` for the plan as it is stored.
"""

from __future__ import annotations

from partnership.intake._export import write_template, write_workbook
from partnership.intake._layout import SCHEMA_VERSION

__all__ = ["SCHEMA_VERSION", "write_template", "write_workbook"]
