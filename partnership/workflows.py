"""Use cases that the command line, the pages and notebooks share: check, preview, accept, export, ask.

A file goes one road whoever brings it: read, check, compare with what is stored, and then be accepted whole
or not at all.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from partnership._workflows.checking import (
    KINDS,
    FileKind,
    crossed,
    fitted,
    plan_guard,
    read,
    seen_before,
    stored,
    with_marks,
)
from partnership._workflows.comparing import Preview, SheetChange, StaleRow, preview_of, with_rejected
from partnership._workflows.editing import Edit, NotSaved, save_rows, undo_rows
from partnership._workflows.gaps import GapReport, gap_report
from partnership._workflows.goal_checks import GoalsJudged, judge_goals
from partnership._workflows.scoring_rounds import blind_findings
from partnership.errors import Finding, InvalidInput, has_errors, shown
from partnership.periods import local_day
from partnership.plan import LARGE_TABLES, Batch, check, findings_of
from partnership.store import Actor, Receipt, Source, Store
from partnership.tables import RECORD_TYPES, frame

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "KINDS",
    "Actor",
    "CheckResult",
    "Edit",
    "FileKind",
    "GapReport",
    "GoalsJudged",
    "NotSaved",
    "Preview",
    "SheetChange",
    "StaleRow",
    "accept_file",
    "check_file",
    "check_plan",
    "export_workbook",
    "gap_report",
    "judge_goals",
    "load_file",
    "plan_guard",
    "record_refusal",
    "save_rows",
    "template_workbook",
    "undo_rows",
]

Progress = Callable[[str], None]

_KEPT_FINDINGS = 200
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Everything that is known about a file before it is accepted."""

    name: str
    kind: FileKind
    sha256: str
    findings: tuple[Finding, ...]
    batch: Batch | None = field(repr=False)
    preview: Preview | None
    store_seq: int | None = None

    @property
    def acceptable(self) -> bool:
        """True when nothing found rejects the file."""
        return (
            self.batch is not None
            and not has_errors(self.findings)
            and not (self.preview and self.preview.stale)
        )

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain data: counts, findings and what would change."""
        batch = self.batch
        shown = self.findings[:_KEPT_FINDINGS]
        return {
            "file": self.name,
            "kind": self.kind,
            "sha256": self.sha256,
            "acceptable": self.acceptable,
            "rows_read": batch.rows_read if batch else 0,
            "rows_kept": batch.rows_kept if batch else 0,
            "rows_blank": batch.rows_blank if batch else 0,
            "skipped": [{"place": s.place, "reason": s.reason} for s in batch.skipped] if batch else [],
            "findings": [_finding_json(f) for f in shown],
            "findings_total": len(self.findings),
            "changes": [_sheet_json(s) for s in self.preview.sheets] if self.preview else [],
            "stale": [_stale_json(s) for s in self.preview.stale] if self.preview else [],
            "dates": [d._asdict() for d in batch.days] if batch else [],
        }


def _finding_json(finding: Finding) -> dict[str, str]:
    return {n: getattr(finding, n) for n in ("code", "severity", "place", "found", "do")}


def _sheet_json(change: SheetChange) -> dict[str, Any]:
    return {
        n: getattr(change, n)
        for n in ("table", "sheet", "same", "new", "changed", "stale", "rejected", "gone")
    }


def _stale_json(row: StaleRow) -> dict[str, Any]:
    both = {
        c: {"stored": _text(row.stored[c]), "given": _text(row.given[c])}
        for c in row.given
        if row.stored[c] != row.given[c]
    }
    return {"table": row.table, "row_key": row.row_key, "place": row.place, "values": both}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def check_file(
    data: bytes,
    name: str,
    kind: FileKind = "workbook",
    store: Store | None = None,
    *,
    today: dt.date | None = None,
    year: int | None = None,
    progress: Progress | None = None,
) -> CheckResult:
    """Read a file, check it, and compare it with what is stored. Nothing is written.

    Parameters
    ----------
    data : bytes
        The file's bytes.
    name : str
        Its name as given; kept only as text, shortened and escaped.
    kind : {"workbook", "gmpp", "unit-costs", "clocks"}
        What to read it as.
    store : Store, optional
        The store it would go into; without one the plan is checked on its own and every row is new.
    today : datetime.date, optional
        The day promises are held against; the present day by default.
    year : int, optional
        The year of a return that does not say its own.
    progress : callable, optional
        Is told each stage, for long files.

    Returns
    -------
    CheckResult
        All findings in one pass and, where the file could be read, what would change.
    """
    tell = progress or (lambda _: None)
    label = shown(name, _LONGEST_NAME)
    sha256 = hashlib.sha256(data).hexdigest()
    tell("Reading the file")
    batch, findings = read(data, name, kind, store, year)
    result = CheckResult(label, kind, sha256, tuple(findings), batch, None)
    if batch is None:
        return result
    batch = replace(batch, frames=with_marks(batch.frames, store))
    seen = seen_before(store, sha256)
    tell("Comparing it with what is stored")
    kept = stored(store, batch.frames)
    batch = fitted(batch, kept)
    preview, rows = preview_of(batch, kept)
    tell("Crossing the records")
    findings = [*findings, *seen, *blind_findings(batch, store)]
    findings = [*findings, *crossed(batch, kept, rows, today or local_day(dt.datetime.now(dt.UTC)))]
    preview = with_rejected(preview, findings)
    return replace(
        result,
        batch=batch,
        findings=tuple(findings),
        preview=preview,
        store_seq=store.last_seq if store else None,
    )


def accept_file(
    store: Store,
    checked: CheckResult,
    actor: Actor,
    reason: str,
    *,
    idempotency_key: str | None = None,
    remove_gone: bool = False,
) -> Receipt:
    """Store what a checked file would change: all of it, or nothing.

    The plan is crossed again inside the writer's lock, on what is stored at that moment: two people who each
    add the last 10% cannot both succeed. A refusal is recorded without the data.

    Parameters
    ----------
    store : Store
        Where to.
    checked : CheckResult
        What :func:`check_file` returned for the same store.
    actor, reason : Actor, str
        Who does this, as declared, and why.
    idempotency_key : str, optional
        The same key twice has one effect.
    remove_gone : bool
        Also remove rows that were in the workbook when it was made and are not in it now. Their history
        stays.

    Raises
    ------
    InvalidInput
        If the file has rejecting findings or stale rows.
    StoreError
        If a row was changed meanwhile, or the plan no longer holds together.
    """
    batch, preview = checked.batch, checked.preview
    if batch is None or preview is None or not checked.acceptable:
        rejecting = record_refusal(store, checked, actor, reason)
        what = "1 finding" if rejecting == 1 else f"{rejecting:,} findings"
        msg = f"{checked.name} was not stored: {what} must be fixed first. Nothing has changed."
        raise InvalidInput(msg)
    if not reason.strip():
        msg = "A change needs a reason: say in a few words why. Nothing has changed."
        raise InvalidInput(msg)
    return store.accept(
        preview.changes,
        removed=dict(batch.gone) if remove_gone else {},
        actor=actor,
        reason=reason,
        source=replace(_source(checked), formulas=batch.formulas),
        expected=preview.expected,
        guard=plan_guard(preview.changes),
        idempotency_key=idempotency_key,
    )


def record_refusal(store: Store, checked: CheckResult, actor: Actor, reason: str) -> int:
    """Write into the log that a file was refused: who, when, its hash, how much was found; never the data.

    Returns
    -------
    int
        How many findings reject it.
    """
    rejecting = sum(f.rejects for f in checked.findings)
    stale = len(checked.preview.stale) if checked.preview else 0
    store.refuse(
        actor=actor, reason=reason, source=_source(checked), counts={"findings": rejecting, "stale": stale}
    )
    return rejecting


def _source(checked: CheckResult) -> Source:
    batch = checked.batch
    read, kept = (batch.rows_read, batch.rows_kept) if batch else (0, 0)
    return Source(checked.name, checked.sha256, checked.kind, read, kept)


def load_file(
    store: Store,
    data: bytes,
    name: str,
    kind: FileKind = "workbook",
    *,
    actor: Actor,
    reason: str,
    today: dt.date | None = None,
    progress: Progress | None = None,
) -> tuple[CheckResult, Receipt]:
    """Check a file and accept it in one go; the notebook's short way.

    Raises
    ------
    InvalidInput
        If anything found rejects the file; the findings are on ``check_file``'s result.
    """
    checked = check_file(data, name, kind, store, today=today, progress=progress)
    return checked, accept_file(store, checked, actor, reason)


def check_plan(store: Store, *, today: dt.date | None = None) -> list[Finding]:
    """Cross the records of the stored plan and return what is found."""
    large = {t: store.table(t, raw=True) for t in LARGE_TABLES}
    return findings_of(check(store.plan(), large, today=today or local_day(dt.datetime.now(dt.UTC))))


def export_workbook(store: Store, *, as_of: dt.date | None = None) -> bytes:
    """Return the stored plan as our workbook, small counts withheld; loading it back changes nothing."""
    from partnership.intake.workbook import write_workbook

    frames = {t.table: store.table(t.table, as_of=as_of) for t in RECORD_TYPES}
    versions = {
        name: dict(rows.select("row_key", "row_version").iter_rows()) for name, rows in frames.items()
    }
    buffer = io.BytesIO()
    log = store.fetch("changes", as_of=as_of)
    accepted = log.filter(log["what"] != "refusal")["seq"].to_list()
    change_seq = max(accepted, default=0)
    write_workbook(frames, buffer=buffer, versions=versions, change_seq=change_seq)
    return buffer.getvalue()


def template_workbook(*, criteria: bool = False) -> bytes:
    """Return an empty workbook to fill in; with ``criteria``, with the standard ones in it."""
    from partnership.intake.workbook import write_template
    from partnership.plan import Plan
    from partnership.prioritisation import standard_criteria

    buffer = io.BytesIO()
    write_template(buffer, Plan.of(standard_criteria()) if criteria else None)
    return buffer.getvalue()


def empty_frames() -> dict[str, pl.DataFrame]:
    """Return one empty frame a table, for callers that build a plan by hand."""
    return {t.table: frame([], t.table) for t in RECORD_TYPES}
