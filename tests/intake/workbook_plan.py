"""A small plan with a row on every sheet, hostile texts among them, for the tests of the workbook."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import polars as pl

from partnership import benefits as b
from partnership import blueprint, commitments, expectations, goals, partners, prioritisation, roi
from partnership.intake.workbook import write_workbook
from partnership.tables import RECORD_TYPES, frame, record_type, row_key

HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(1)",
    "＝1",  # noqa: RUF001
    "_x000D_",
    "_x005F_x000D_",
    "_x000D_x0041_x0042_",
    "<r>x & y</r>",
    "<r><t>marked up</t></r>",
    "one line\nand another",
    "Smile 😀 here",
    "O'Brien and Ængus, Łódź",
    "'; DROP TABLE goal;--",
    "<img src=x onerror=alert(1)>",
    "{0.__class__} {{7*7}} %s",
    "1e5",
    "007",
    "NA",
    "None",
    "TRUE",
    "4 May 2026",
    '"quoted"',
    "'quoted",
)


RANGE = {"range_low": Decimal("92.5"), "range_high": Decimal(130), "distribution": "PERT", "shared_name": "pay", "range_source": "Budget report"}  # fmt: skip


def records():
    """One plan; every record type is there at least once."""
    day = dt.date
    hostile = [blueprint.WorkItem(id=f"H{i:02d}", title=text) for i, text in enumerate(HOSTILE, 1)]
    month = [day(2026 + (3 + i) // 12, (3 + i) % 12 + 1, 1) for i in range(24)]
    agencies = [
        partners.Agency(id=i, code=i, name=n, sector=s, duty="statutory", mark=m)
        for i, n, s, m in [
            ("COU", "Wendleshire County Council", "council", "blue full square"),
            ("ICB", "Wendle integrated care board", "health", None),
            ("POL", "Wendleshire Police", "police", None),
            ("007", "Codes keep their zeros", "other", None),
            ("1E5", "And are no powers of ten", "other", None),
            ("NA", "NA is an agency", "other", None),
        ]
    ]
    return [
        partners.Partnership(
            id="WEN", name="Wendleshire Safeguarding Partnership", bhag="No child waits for safety", bhag_measure_id="M1",
            bhag_baseline_value=Decimal("412"), bhag_target_value=Decimal("300.5"), price_year="2025/26",
            plan_starts_on=day(2025, 4, 1), plan_ends_on=day(2029, 3, 31),
        ),
        *agencies,
        partners.RoleHolder(id="R1", agency_id="COU", role="Finance officer, council", holder="O'Brien"),
        goals.Measure(id="M1", name="Repeat referrals", unit="cases", polarity="lower", counts_people=True),
        goals.Measure(id="M2", name="Savings", unit="£", kind="amount"),
        goals.Measure(id="M3", name="Share seen in time", unit="%", kind="share"),
        goals.Goal(id="G1", title="Cut repeat referrals", measure_id="M1", baseline_value=Decimal("1234.5678"), target_on=day(2028, 3, 31)),
        goals.GoalMilestone(goal_id="G1", due_on=day(2027, 3, 31), title="Half way"),
        goals.GoalPartner(goal_id="G1", agency_id="COU", gives="Two workers", first_results_by=day(2026, 12, 31)),
        expectations.Expectation(id="E1", goal_id="G1", measure_id="M1", agency_id="COU", direction="gives", quantity=5, per="month", stated_on=day(2026, 5, 4)),
        expectations.Expectation(id="E2", goal_id="G1", measure_id="M1", agency_id="POL", direction="gets", quantity=5000, stated_on=day(2026, 5, 4)),
        blueprint.WorkItem(id="W01", title="Triage together", shared_now=True, lead_agency_id="COU", volume_a_year=Decimal("1200.5")),
        blueprint.WorkItem(id="W02", title="One front door", depends_on=("W01",), excludes=("W01", "H01"), description="First line.\nSecond line."),
        *hostile,
        blueprint.ItemAgency(item_id="W01", agency_id="COU", part="accountable", effort_days=Decimal("12.5"), keyed_again=3),
        blueprint.Capacity(agency_id="COU", quarter_starts_on=day(2026, 4, 1), days=40, money_gbp=Decimal("1000.10")),
        prioritisation.Criterion(id="K1", axis="impact", name="Fewer harmed", weight=Decimal("0.3333")),
        prioritisation.ScoringRound(id="S1", opened_on=day(2026, 4, 1)),
        prioritisation.Score(item_id="W01", criterion_id="K1", round_id="S1", agency_id="COU", scorer_role_id="R1", score=7, confidence=4, scored_on=day(2026, 4, 2)),
        *[
            roi.Contribution(id=f"C{i}", agency_id="COU", item_id="W01", financial_year=2026 + i % 3, stage="planned", amount_gbp=Decimal("125000.10") * i, form="cash", **(RANGE if i == 11 else {}))
            for i in range(1, 12)
        ],
        roi.Contribution(id="C99", agency_id="ICB", financial_year=2011, stage="actual", entry="correction", amount_gbp=Decimal("-0.01"), form="in kind"),
        roi.Correlation(id="K1", assumption_a="B1|deadweight|Would stop anyway", assumption_b="pay", rank_correlation=Decimal("-0.25"), source="Judgement", note="Both follow demand"),
        roi.FundingAgreement(id="A1", payer_agency_id="COU", receiver_agency_id="ICB", route="recharge", nature="capital", reference="Deed, schedule 3", benefit_id="B1", contracted_gbp=Decimal("1250.75"), financial_year=2027, starts_on=day(2026, 4, 1), review_on=day(2027, 4, 1), ends_on=day(2028, 3, 31), reinvestment="Half goes back", reinvested_share="1/3", source="Cabinet report"),
        roi.FundingAgreement(id="A2", payer_agency_id="POL", receiver_agency_id="COU", route="pooled fund", benefit_id="B1", contracted_share="1/3", ring_fenced=True),
        b.Benefit(id="B1", title="Fewer repeat referrals", goal_id="G1", item_ids=("W01", "W02"), benefit_class="cash-releasing", full_year_gbp=Decimal("930000"), drop_off=Decimal("12.5"), description=("A note. " * 40).strip(), starts_on=day(1900, 1, 31)),
        *[b.BenefitShare(benefit_id="B1", agency_id=a, share="1/3") for a in ("COU", "ICB", "POL")],
        b.BenefitShare(benefit_id="B2", agency_id="COU", share="2/5"),
        b.BenefitShare(benefit_id="B2", agency_id="ICB", share="1/8"),
        b.BenefitShare(benefit_id="B2", agency_id="POL", share="19/40"),
        b.Benefit(id="B2", title="Harm moved", benefit_class="no release", is_disbenefit=True, whole_life_missing="too early"),
        b.Assumption(benefit_id="B1", step="deadweight", name="Would stop anyway", value=Decimal("0.15"), low=0, high=Decimal("0.3")),
        b.Rebaseline(benefit_id="B1", version=2, agreed_on=day(2026, 9, 1), reason="Late start"),
        *[b.ProfileMonth(benefit_id="B1", period=m, planned_gbp=Decimal("77500.00")) for m in month],
        *[b.ProfileMonth(benefit_id="B1", version=2, agency_id="COU", period=m, planned_gbp=Decimal("-70000.07")) for m in month],
        *[b.Reading(measure_id="M1", agency_id=a, period=m, value=40 + i, read_on=day(2026, 12, 1)) for a in ("COU", "POL") for i, m in enumerate(month[:8])],
        b.Reading(measure_id="M1", agency_id="ICB", period=month[0], missing="suppressed"),
        b.Reading(measure_id="M2", benefit_id="B1", period=month[0], value=Decimal("71000.25"), state="provisional"),
        b.Reading(measure_id="M3", agency_id="COU", period=month[0], numerator=30, denominator=40),
        b.Reading(measure_id="M1", item_id="W01", period=month[0], label="Amber", missing="withheld", missing_note="Exempt under Section 43"),
        commitments.Decision(id="D1", title="One front door", decided_on=day(2026, 4, 1), dissent="Police: too early."),
        commitments.Commitment(id="P1", title="Share the list", agency_id="COU", to_agency_id="POL", made_on=day(2026, 4, 1), due_on=day(2026, 9, 30)),
        commitments.DueChange(commitment_id="P1", changed_on=day(2026, 9, 1), new_due_on=day(2026, 12, 1), reason="Staff left"),
        commitments.Delivery(commitment_id="P1", delivered_on=day(2026, 12, 1), evidence="Minutes"),
        commitments.SharedInformation(id="I1", title="Monthly list", agency_id="COU", given_on=day(2026, 12, 1)),
        commitments.ClockRule(id="CK1", clock_id="hub", name="Hub: answers", colour="amber", allows=6, counts="working hours", works_on="Mon Tue Wed", works_from="08:30", works_until="17:00", bank_holidays="GB-SCT", measure_id="M3", source="Procedure 4", effective_from=day(2026, 4, 1), effective_to=day(2027, 3, 31), standing="in force", decided_on=day(2026, 3, 1), note="As read"),
        roi.UnitCost(id="U1", theme="Health", cost="A and E attendance", fiscal_gbp=Decimal("142.37"), level="headline"),
        partners.Annotation(id="N1", period=month[2], measure_id="M1", text="New form", detail="It asks less.", restarts_limits=True),
        goals.ChartRules(measure_id="M1", shift_points=8, screens_ranges=False, baseline_readings=18, reason="As the analysts agreed"),
        b.DeliveryConfidence(benefit_id="B1", rated_by="reviewer", stated_on=day(2026, 9, 1), confidence="amber/red", reason="Half is missing"),
        b.FinishedBenefit(id="F1", title="Fewer visits", benefit_class="capacity released", planned_gbp=Decimal(90000), realised_gbp=Decimal(-500), finished_on=day(2024, 3, 31), source="Review"),
    ]  # fmt: skip


def frames() -> dict[str, pl.DataFrame]:
    """The plan as frames of every table, as the store would hand them over."""
    by_table = {t.table: [] for t in RECORD_TYPES}
    for record in records():
        by_table[record_type(type(record)).table].append(record)
    return {
        table: frame(rows, table).with_columns(
            pl.Series("row_key", [row_key(r) for r in rows], dtype=pl.String)
        )
        for table, rows in by_table.items()
    }


def versions(rows=None) -> dict[str, dict[str, int]]:
    """A version for every row."""
    given = frames() if rows is None else rows
    return {t: {key: 1 + i % 3 for i, key in enumerate(f["row_key"])} for t, f in given.items()}


def workbook(rows=None, **options) -> bytes:
    """The plan as a workbook."""
    given = frames() if rows is None else rows
    buffer = io.BytesIO()
    known = options.pop("versions") if "versions" in options else versions(given)
    write_workbook(given, buffer=buffer, versions=known, **options)
    return buffer.getvalue()


def mutated(change, data: bytes | None = None) -> bytes:
    """A workbook after ``change(openpyxl workbook)``, saved by openpyxl as a person's program would."""
    book = openpyxl.load_workbook(io.BytesIO(data or workbook()))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def cell(sheet, header: str, row: int = 1):
    """The cell under a header in the nth input row of one of our sheets."""
    at = next(c.column for c in sheet[4] if c.value == header)
    return sheet.cell(row=4 + row, column=at)


def lean(data: bytes, *sheets: str) -> bytes:
    """The same workbook with these sheets only, and their lines of ``_meta``: quick to open, change and read."""
    tables = {record_type.table for record_type in RECORD_TYPES if record_type.sheet in sheets}

    def change(book):
        for name in book.sheetnames:
            if name not in (*sheets, "Guide", "_meta"):
                book.remove(book[name])
        meta = book["_meta"]
        kept = [row for row in meta.iter_rows(min_row=12, values_only=True) if row[0] in tables]
        meta.delete_rows(12, meta.max_row)
        for row in kept:
            meta.append(row)
        for sheet in book:
            sheet.data_validations.dataValidation = []
            sheet.conditional_formatting = type(sheet.conditional_formatting)()
        book.defined_names.clear()

    return mutated(change, data)
