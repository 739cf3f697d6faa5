"""A published library of unit costs: the tidy extract, and the publisher's own workbook in any edition.

Sheets and columns are found by the words of their headings, never by place; see ``docs/returns.md``. A
headline and its constituents are tied by ``parent_id``, so that ``partnership.roi.safe_total`` can refuse to
count the same money twice. Every value keeps its own price year, and the publisher's uprated values stay
apart from them.

Source: Greater Manchester Combined Authority, *Unit Cost Database*, CC BY 4.0.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from partnership.errors import Finding, has_errors, shown
from partnership.intake._cost_findings import refusal, said_of_tables, warned
from partnership.intake._cost_headers import VALUE_KINDS
from partnership.intake._cost_layout import CostTable, Entry, code_of, library_fit, read_library
from partnership.intake._cost_values import edition_of, price_year
from partnership.intake._grid_files import read_sheets
from partnership.intake._return_values import is_blank, missing_kind, read_number, words
from partnership.money import LARGEST, round_pounds
from partnership.plan import Batch, Skipped
from partnership.roi import UnitCost
from partnership.tables import frame

if TYPE_CHECKING:
    import polars as pl

__all__ = ["read_unit_costs", "reconcile_unit_costs"]

_GRADES: dict[str, Literal["red", "amber", "green"]] = {
    "r": "red",
    "red": "red",
    "a": "amber",
    "amber": "amber",
    "g": "green",
    "green": "green",
}


def read_unit_costs(data: bytes, name: str) -> tuple[Batch | None, list[Finding]]:
    """Read a library of unit costs.

    Parameters
    ----------
    data : bytes
        The file: the publisher's workbook, or a tidy table as text or workbook.
    name : str
        Its name; shown, and asked for the edition only where the file itself does not say it.

    Returns
    -------
    tuple[Batch | None, list[Finding]]
        None when no sheet holds unit costs. Rows are counted below the headings of the sheets that do; every
        one is kept or skipped with its reason.
    """
    sheets, findings = read_sheets(data, library_fit)
    found = [(s, t) for s in sheets if (t := read_library(s))]
    tables = [t for s, t in found if not s.is_hidden]
    if not tables:
        if sheets:
            what = "No sheet has the headings of unit costs (code, cost, fiscal, economic or social value)."
            findings.append(
                refusal("costs-no-headings", "file", what, "Check that it is the library itself.")
            )
        return None, findings
    edition, is_said = edition_of(sheets, tables, name)
    made = _Library(edition)
    for table in tables:
        for entry in table.entries:
            made.add(entry, table)
    records = made.finished()
    read = sum(len(t.entries) + len(t.skipped) for t in tables)
    skipped = (*(s for t in tables for s in t.skipped), *made.skipped)
    findings += said_of_tables(sheets, tables, edition, is_said=is_said)
    findings += warned(made.doubts)
    if not records and not has_errors(findings):
        findings.append(
            refusal(
                "costs-none", "file", "The library holds no cost.", "Check that it is the library itself."
            )
        )
    batch = Batch(
        frames={"unit_costs": _framed(records)} if records else {},
        rows_read=read,
        rows_kept=len(records),
        rows_blank=sum(t.blank for t in tables),
        skipped=skipped,
        source_name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        kind="unit-costs",
    )
    return batch, findings


@dataclass(slots=True)
class _Library:
    """Entries as they become records."""

    edition: str | None
    rows: dict[str, tuple[dict[str, Any], int, str]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    doubts: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    _outlines: dict[str, int] = field(default_factory=dict)

    def add(self, entry: Entry, table: CostTable) -> None:
        """Take over one entry, unless it only repeats an earlier one."""
        code = re.sub(r"\s", "", code_of(entry.cells)).upper()
        fields = self._fields(entry, table, code)
        key, turn = code.replace("&", "-"), 1
        original = key
        while key in self.rows:
            held, _, place = self.rows[key]
            if {k: v for k, v in held.items() if k != "theme"} == {
                k: v for k, v in fields.items() if k != "theme"
            }:
                self.skipped.append(Skipped(entry.place, f"It says the same as {place}: {code}."))
                return
            turn += 1
            key = f"{original}-{turn}"
        if turn > 1:
            self.doubts["costs-code-twice"].append(
                (entry.place, f"{code}, kept as {key}; also {self.rows[original][2]}")
            )
        self.rows[key] = (fields, entry.row, entry.place)
        self._outlines[key] = table.sheet.outline.get(entry.row, 0)

    def _fields(self, entry: Entry, table: CostTable, code: str) -> dict[str, Any]:
        category, detail = entry.words("category"), entry.words("detail")
        theme = table.theme or category
        if category and _letters(category) != _letters(theme):
            detail = f"{category}: {detail}" if detail else category
        fields: dict[str, Any] = {
            "code": code,
            "edition": self.edition,
            "theme": theme[:300] or None,
            "outcome": (detail or category)[:300] or None,
            "cost": self._cut(entry, "cost", 1000),
            "unit": entry.words("unit")[:300] or None,
            "agency_bearing": entry.words("agency")[:300] or None,
            "agency_bearing_detail": entry.words("agency_detail")[:300] or None,
            "confidence": self._grade(entry),
            "source": self._source(entry),
        }
        for kind in VALUE_KINDS:
            fields[f"{kind}_gbp"] = self._amount(entry, table, f"{kind}_value")
            fields[f"{kind}_uprated_gbp"] = self._amount(entry, table, f"{kind}_uprated")
            fields[f"{kind}_price_year"] = self._year(entry, table, kind, fields[f"{kind}_gbp"])
        if all(fields[f"{k}_gbp"] is None for k in VALUE_KINDS):
            self.doubts["costs-no-value"].append((entry.place, code))
        return fields

    def _cut(self, entry: Entry, name: str, longest: int) -> str | None:
        text = entry.words(name)
        if len(text) > longest:
            self.doubts["costs-text-cut"].append((entry.place, shown(text, 30)))
            text = f"{text[: longest - 1]}…"
        return text or None

    def _source(self, entry: Entry) -> str | None:
        parts = [entry.words("source"), entry.words("link")]
        if comment := entry.words("comment"):
            parts.append(f"Publisher's comment: {comment}")
        text = " | ".join(p for p in parts if p)
        return (text if len(text) <= 5000 else f"{text[:4999]}…") or None

    def _grade(self, entry: Entry) -> Literal["red", "amber", "green"] | None:
        text = entry.words("confidence")
        grade = _GRADES.get(re.split(r"[^a-z]", text.casefold(), maxsplit=1)[0])
        if text and grade is None and missing_kind(text).known is False:
            self.doubts["costs-grade"].append((entry.place, shown(text, 20)))
        return grade

    def _amount(self, entry: Entry, table: CostTable, name: str) -> Decimal | None:
        if name not in table.columns:
            return None
        cell = entry.cells.get(name)
        position = table.columns[name][0]
        place = table.sheet.place(entry.row, position)
        if is_blank(cell):
            if (entry.row, position + 1) in table.sheet.uncached:
                code = "costs-formula" if name.endswith("_value") else "costs-formula-uprated"
                self.doubts[code].append((place, name.replace("_", " ")))
            return None
        number = read_number(cell)
        if number is None or number.is_percent or abs(number.value * (number.scale or 1)) > LARGEST:
            self.doubts["costs-not-a-figure"].append((place, shown(words(cell), 30)))
            return None
        exact = number.value * (number.scale or Decimal(1))
        pounds = round_pounds(exact)
        if pounds != exact and name.endswith("_value"):
            self.doubts["costs-rounded"].append((place, f"{exact:f}"))
        return pounds

    def _year(self, entry: Entry, table: CostTable, kind: str, amount: Decimal | None) -> str | None:
        said = table.columns[f"{kind}_value"][1].price_year if f"{kind}_value" in table.columns else None
        cell = entry.cells.get(f"{kind}_year")
        year, is_sure = price_year(cell)
        if not is_sure:
            self.doubts["costs-year-odd"].append((entry.place, shown(words(cell), 20)))
        if amount is None:
            return year
        if year is None and said is None:
            self.doubts["costs-no-price-year"].append((entry.place, kind))
        return year or said

    def finished(self) -> list[tuple[UnitCost, int]]:
        """Return the records, each constituent tied to its headline, agencies in one spelling."""
        spellings = _commonest(
            f[n] for f, _, _ in self.rows.values() for n in ("agency_bearing", "agency_bearing_detail")
        )
        out = []
        for key, (fields, row, place) in self.rows.items():
            code = fields["code"]
            values = {k: v for k, v in fields.items() if k != "code"}
            for name in ("agency_bearing", "agency_bearing_detail"):
                values[name] = spellings.get((values[name] or "").casefold(), values[name])
            parent = self._parent(code, key)
            if parent is None and _depth(code) > 2:
                self.doubts["costs-no-headline"].append((place, code))
            out.append((UnitCost(id=key, parent_id=parent, level=self._level(key, code), **values), row))
        return out

    def _parent(self, code: str, key: str) -> str | None:
        """Return the nearest entry above: the code without its last numbers, as far as the headline."""
        above = code.replace("&", "-")
        while _depth(above) > 2:
            above = above.rsplit(".", 1)[0]
            if above in self.rows and above != key:
                return above
        return None

    def _level(self, key: str, code: str) -> Literal["headline", "subsidiary", "constituent"]:
        if _depth(code) > 2:
            return "constituent"
        first = f"{code.replace('&', '-').rsplit('.', 1)[0]}.0"
        deeper = self._outlines.get(key, 0) > self._outlines.get(first, 0)
        return "subsidiary" if deeper and not code.endswith(".0") else "headline"


def _depth(code: str) -> int:
    return code.count(".") + 1


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.casefold().replace("&", "and"))


def _commonest(texts: Iterable[str | None]) -> dict[str, str]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        if text:
            counts[text.casefold()][text] += 1
    return {folded: min(c, key=lambda t: (-c[t], t)) for folded, c in counts.items()}


def _framed(records: list[tuple[UnitCost, int]]) -> pl.DataFrame:
    import polars as pl

    return frame([r for r, _ in records], "unit_costs").with_columns(
        pl.Series("row_key", [r.id for r, _ in records], dtype=pl.String),
        pl.Series("_row", [n for _, n in records], dtype=pl.Int64),
    )


def reconcile_unit_costs(batch: Batch, stored: Mapping[str, pl.DataFrame]) -> Batch:
    """Keep a second edition apart from the one that is stored.

    An id is the publisher's code. Where the store holds that code from another edition, every id of this
    batch is prefixed with its own edition (``v2.3.1/CR2.0``), so that benefits that cite the first keep their
    figure.

    Parameters
    ----------
    batch : Batch
        What :func:`read_unit_costs` returned.
    stored : Mapping[str, polars.DataFrame]
        Stored tables by name, as ``Store.table`` gives them.

    Returns
    -------
    Batch
        The same batch, or one with prefixed ids; its counts do not change.
    """
    import polars as pl

    ours, theirs = batch.frames.get("unit_costs"), stored.get("unit_costs")
    if ours is None or theirs is None or not ours.height or not theirs.height:
        return batch
    editions = dict(theirs.select("id", "edition").iter_rows())
    clash = any(i in editions and editions[i] != e for i, e in ours.select("id", "edition").iter_rows())
    if not clash:
        return batch
    version = re.search(r"\bv\d+(?:\.\d+)*", ours["edition"][0] or "")
    mark = version[0] if version else "other"
    prefixed = ours.with_columns(
        (pl.lit(f"{mark}/") + pl.col(c)).alias(c) for c in ("id", "parent_id", "row_key")
    )
    return replace(batch, frames={**batch.frames, "unit_costs": prefixed})
