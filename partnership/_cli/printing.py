"""Findings, previews and reports as a person reads them in a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnership._cli.words import kind as known_kind
from partnership._cli.words import print_json, readable

if TYPE_CHECKING:
    from partnership.errors import Finding
    from partnership.plan import DayRead
    from partnership.store import Store
    from partnership.workflows import CheckResult


def checked(path: Path, kind: str, opened: Store | None, year: int | None, as_json: bool) -> CheckResult:  # noqa: FBT001
    from partnership.workflows import check_file

    wanted = known_kind(kind)
    readable([path])
    tell = None if as_json or not sys.stderr.isatty() else say_stage
    return check_file(path.read_bytes(), path.name, wanted, opened, year=year, progress=tell)


def say_stage(stage: str) -> None:
    """Tell a person at a terminal what is going on."""
    sys.stderr.write(f"{stage} …\n")


def clean(result: CheckResult) -> bool:
    from partnership.errors import has_errors

    return result.batch is not None and not has_errors(result.findings)


def plain(finding: Finding) -> dict[str, str]:
    return {n: getattr(finding, n) for n in ("code", "severity", "place", "found", "do")}


def print_check(result: CheckResult, as_json: bool, *, preview: bool) -> None:  # noqa: FBT001
    if as_json:
        print_json(result.as_json())
        return
    print_findings(list(result.findings))
    if result.batch:
        batch = result.batch
        sys.stdout.write(
            f"{result.name}: {batch.rows_read:,} rows read, {batch.rows_kept:,} kept, "
            f"{len(batch.skipped):,} skipped, {batch.rows_blank:,} blank\n"
        )
        for skipped in batch.skipped[:20]:
            sys.stdout.write(f"  skipped {skipped.place}: {skipped.reason}\n")
        if len(batch.skipped) > 20:
            sys.stdout.write(f"  and {len(batch.skipped) - 20:,} more; --json lists them all\n")
        print_dates(batch.days)
    if preview and result.preview:
        print_preview(result)


def print_dates(days: tuple[DayRead, ...]) -> None:
    """Show every date back that was not given as one: day first, so that 04/05/2025 is seen to be 4 May."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not days:
        return
    title = "Dates given as text or as a bare number, read day first"
    table = Table(box=None, pad_edge=False, title=title, title_justify="left")
    for heading in ("Where", "In the file", "Read as"):
        table.add_column(heading, overflow="fold")
    for day in days[:_DATES_SHOWN]:
        table.add_row(*(Text(t) for t in (where_of(day), day.given, day.read_as)))
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 120).print(table)
    if len(days) > _DATES_SHOWN:
        sys.stdout.write(f"and {len(days) - _DATES_SHOWN:,} more; --json lists them all\n")


_WORD = {"error": "must fix", "warning": "check", "quarantine": "personal data"}
_SHOWN = 200
_DATES_SHOWN = 40


def print_findings(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not findings:
        sys.stdout.write("Nothing found that needs a look.\n")
        return
    table = Table(box=None, pad_edge=False, show_edge=False)
    for heading in ("Kind", "Where", "What was found", "What to do"):
        table.add_column(heading, overflow="fold")
    for finding in sorted(findings, key=lambda f: not f.rejects)[:_SHOWN]:
        table.add_row(*(Text(t) for t in (_WORD[finding.severity], finding.place, finding.found, finding.do)))
    Console(file=sys.stdout, soft_wrap=False, width=None if sys.stdout.isatty() else 160).print(table)
    if len(findings) > _SHOWN:
        sys.stdout.write(f"and {len(findings) - _SHOWN:,} more\n")


def print_preview(result: CheckResult) -> None:
    from rich.console import Console
    from rich.table import Table

    if result.preview is None:
        return
    table = Table(box=None, pad_edge=False, title="What would change", title_justify="left")
    table.add_column("Sheet")
    names = ("same", "new", "changed", "stale", "rejected", "gone")
    for name in names:
        table.add_column(name.capitalize(), justify="right")
    for sheet in (
        *(s for s in result.preview.sheets if s.same + s.changes + s.stale + s.rejected + s.gone),
        result.preview.total,
    ):
        table.add_row(sheet.sheet, *(f"{getattr(sheet, n):,}" for n in names))
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 120).print(table)
    for row in result.preview.stale[:20]:
        sys.stdout.write(f"{row.place}: somebody changed {row.row_key} after this workbook was made.\n")
        for column, given in row.given.items():
            if row.stored[column] != given:
                sys.stdout.write(f"  {column}: stored {row.stored[column]}, here {given}\n")


def where_of(day: DayRead) -> str:
    """Return the cells of a date that was read: the first one, and how many more say the same."""
    more = day.cells - 1
    cells = "1 more cell" if more == 1 else f"{more:,} more cells"
    return f"{day.place} and {cells} of the column" if more else day.place


def several(reports: list[dict[str, Any]]) -> dict[str, Any]:
    total = {n: sum(r[n] for r in reports) for n in ("rows_read", "rows_kept")}
    return total | {
        "skipped": [s for r in reports for s in r["skipped"]],
        "findings": [f for r in reports for f in r["findings"]],
        "files": reports,
    }


def partial_words(result: CheckResult) -> str:
    parts = []
    for line in summaries(result).get("totals", []):
        words = ", ".join(f"{n} {k}" for k, n in line["missing"].items() if n)
        parts.append(
            f"{line['title']}: {line['numeric']} of {line['rows']} give a figure, {line['visible']} in sight"
            + (f" (partial: {words})." if line["partial"] else ".")
        )
    return "\n".join(parts)


def summaries(result: CheckResult) -> dict[str, Any]:
    if result.kind != "gmpp" or result.batch is None:
        return {}
    from partnership.intake.returns import summarise_gmpp

    return {"totals": summarise_gmpp(result.batch)}
