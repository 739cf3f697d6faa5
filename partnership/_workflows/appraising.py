"""Appraise what is stored, print it, compare two vintages, and explain any number by its address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from partnership._roi.appraisal import WHOLE, Appraisal, Result
from partnership._roi.appraisal import appraise as appraise_model
from partnership._roi.explaining import VIEWS as APPRAISAL_VIEWS
from partnership._roi.explaining import explain as explain_figure
from partnership._roi.explaining_settlement import SETTLEMENT_VIEWS, explain_settlement, method_of
from partnership._roi.explanation import Explanation
from partnership._roi.ledger import CLASSES
from partnership._roi.model import AppraisalModel, Settings
from partnership._roi.twice import double_counting
from partnership._roi.vintages import Change, difference
from partnership._workflows.model_costs import Records, price_ratio, settings_of
from partnership._workflows.modelling import model_of
from partnership.errors import Finding, InvalidInput, UnknownName
from partnership.views import VIEWS, view

if TYPE_CHECKING:
    from partnership._roi.settled import Terms
    from partnership.store import Store

__all__ = [
    "Appraised", "appraise", "appraise_plan", "as_json", "compare_vintages", "explain", "model_of", "price_ratio",
    "settings_of",
]  # fmt: skip


@dataclass(frozen=True)
class Appraised:
    """An appraisal, and what it could not use.

    Parameters
    ----------
    appraisal : Appraisal
        Results per agency and for the whole.
    findings : tuple[Finding, ...]
        What was left out, and why; never an error.
    """

    appraisal: Appraisal
    findings: tuple[Finding, ...]

    @property
    def model(self) -> AppraisalModel:
        """What was appraised."""
        return self.appraisal.model

    @property
    def whole(self) -> Result:
        """The result of all agencies together."""
        return self.appraisal.whole

    @property
    def agencies(self) -> Mapping[str, Result]:
        """The result of each agency, by id."""
        return self.appraisal.agencies


def appraise_plan(plan: Records, settings: Settings | None = None, **chosen: Any) -> Appraised:
    """Appraise a plan held in records.

    Parameters
    ----------
    plan : Plan
        The whole plan.
    settings : Settings, optional
        Every choice; the plan's own years and prices when left out.
    **chosen
        Single choices in place of the plan's own: ``vintage``, ``horizon_years``, ``convention`` …

    Raises
    ------
    InvalidInput
        If the plan holds nothing to appraise, or the schedule does not reach as far as the horizon.
    """
    model, findings = model_of(plan, settings or settings_of(plan, **chosen))
    return Appraised(appraise_model(model), tuple(findings))


def appraise(
    store: Store, settings: Settings | None = None, *, as_of: dt.date | None = None, **chosen: Any
) -> Appraised:
    """Appraise the stored plan, as known on a day."""
    plan: Any = store.plan(as_of=as_of)
    return appraise_plan(plan, settings, **chosen)


def compare_vintages(
    store: Store, first: str, second: str, *, as_of: dt.date | None = None, **chosen: Any
) -> tuple[Change, ...]:
    """Return each figure in pounds under two editions of discount rates, by scope."""
    before = appraise(store, as_of=as_of, **chosen, vintage=first)
    after = appraise(store, as_of=as_of, **chosen, vintage=second)
    return difference(before.appraisal, after.appraisal)


def explain(
    store: Store,
    address: str,
    *,
    as_of: dt.date | None = None,
    settings: Settings | None = None,
    terms: Terms | None = None,
    **chosen: Any,
) -> Explanation:
    """Return the chain behind a number: of an appraisal, of a settlement, or of a row of any view.

    Parameters
    ----------
    store : Store
        Where the plan and the readings are.
    address : str
        VIEW/ROW/COLUMN. A row of a view is named by its first columns joined with ``|`` (as many as make it
        one row), or by its number, from 1; ``1`` for a view of one row.
    settings : Settings, optional
        How it is appraised; the plan's own years and prices when left out.
    terms : Terms, optional
        Terms of the settlement that an address is about; its way of sharing is the address's own.
    **chosen
        Single settings in place of the plan's own: ``inflation`` …

    Raises
    ------
    UnknownName, InvalidInput
        If there is no such view, row or column, or the row is not one.
    """
    name = address.strip().strip("/").partition("/")[0]
    if name in APPRAISAL_VIEWS:
        return explain_figure(appraise(store, settings, as_of=as_of, **chosen).appraisal, address)
    if name in SETTLEMENT_VIEWS:
        from partnership._roi.settled import Terms
        from partnership._workflows.settling import settle

        agreed = replace(terms or Terms(), method=method_of(address))
        return explain_settlement(settle(store, agreed, settings, as_of=as_of, **chosen), address)
    if name == "uncertainty":
        from partnership._workflows.uncertainty import explained

        return explained(appraise(store, settings, as_of=as_of, **chosen).appraisal, address)
    if name not in VIEWS:
        kind = "view"
        raise UnknownName(kind, name, [*APPRAISAL_VIEWS, *SETTLEMENT_VIEWS, "uncertainty", *VIEWS])
    return _of_view(store, address, as_of)


def _of_view(store: Store, address: str, as_of: dt.date | None) -> Explanation:
    parts = address.strip().strip("/").split("/")
    if len(parts) < 3:
        msg = f"{address!r} is no address. Write VIEW/ROW/COLUMN, such as benefit_totals/1/realised_gbp."
        raise InvalidInput(msg)
    asked, key, column = view(parts[0]), "/".join(parts[1:-1]), parts[-1]
    columns = {c.name: c for c in asked.columns}
    if column not in columns:
        kind = "column"
        raise UnknownName(kind, column, columns)
    rows = store.fetch(asked.name, as_of=as_of).rows(named=True)
    row = _row(rows, key, asked.name)
    beside = tuple(
        Explanation(f"{asked.name}/{key}/{c.name}", c.label, _plain(row[c.name]), c.unit or "")
        for c in asked.columns
        if c.name != column and row[c.name] is not None
    )
    method = " ".join(x for x in (asked.question, asked.definition) if x)
    return Explanation(
        f"{asked.name}/{key}/{column}", columns[column].label, _plain(row[column]), columns[column].unit or "", method,
        asked.source, beside,
    )  # fmt: skip


def _row(rows: list[dict[str, Any]], key: str, name: str) -> dict[str, Any]:
    wanted = key.split("|")
    found = [r for r in rows if [_text(v) for v in list(r.values())[: len(wanted)]] == wanted]
    if not found and key.isdecimal() and 1 <= int(key) <= len(rows):
        return rows[int(key) - 1]
    if len(found) == 1:
        return found[0]
    if found:
        msg = f"{len(found)} rows of {name} begin with {key}. Add the next columns, parted by |, or give the row's number."
        raise InvalidInput(msg)
    kind = f"row of {name}"
    raise UnknownName(kind, key, [_text(next(iter(r.values()), "")) for r in rows])


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value is None or isinstance(value, Decimal | int | float | str) else str(value)


_FIGURES = (
    "pv_cost_gbp", "pv_cost_cash_gbp", "pv_not_agreed_gbp", "pv_fiscal_gbp", "pv_cashable_gbp", "pv_disbenefit_gbp", "pv_moved_gbp",
    "net_fiscal_gbp", "net_present_budget_impact_gbp", "net_public_value_gbp",
)  # fmt: skip


def as_json(done: Appraised, agency: str | None = None) -> dict[str, Any]:
    """Return an appraisal as plain data; money as text to the penny, each scope with its addresses."""
    appraisal = done.appraisal
    settings = appraisal.model.settings
    results = [appraisal.result(agency)] if agency else list(appraisal.scopes.values())
    shown = {r.scope for r in results}
    everything = WHOLE in shown
    return {
        "vintage": appraisal.vintage, "schedule": settings.schedule, "prices": settings.prices,
        "years": [settings.years[0], settings.years[-1]], "convention": settings.convention,
        "sentences": dict(appraisal.sentences),
        "results": [_result(r) for r in results],
        "lines": [
            {
                "line_id": v.line_id, "title": v.title, "class": v.appraisal_class, "is_disbenefit": v.is_disbenefit,
                "pv_gbp": str(v.pv_gbp), "by_agency": {a: str(p) for a, p in v.by_agency.items() if everything or a in shown},
                "address": f"appraisal_lines/{v.line_id}/pv_gbp",
            }
            for v in appraisal.lines if everything or shown & set(v.by_agency)
        ],
        "payers_gainers": [
            {
                "driver": c.driver_id, "payer": c.payer_id, "gainer": c.gainer_id, "class": c.appraisal_class, "pv_gbp": str(c.pv_gbp),
                "address": f"payers_gainers/{c.payer_id or 'nobody'}|{c.gainer_id}/pv_gbp",
            }
            for c in appraisal.matrix if everything or shown & {c.payer_id, c.gainer_id}
        ],
        "ledger": [
            {
                "agency_id": r.agency_id, "financial_year": r.financial_year, "paid_gbp": str(r.paid_gbp),
                "paid": {k: str(v) for k, v in r.paid.items()}, "paid_actual_gbp": str(r.paid_actual_gbp),
                "not_agreed_gbp": str(r.not_agreed_gbp), "received": {k: str(v) for k, v in r.received.items()},
                "disbenefit": {k: str(v) for k, v in r.disbenefit.items()}, "moved_gbp": str(r.moved_gbp), "net_gbp": str(r.net_gbp),
                "address": f"agency_ledger/{r.agency_id}|{r.financial_year}/net_gbp",
            }
            for r in appraisal.ledger if everything or r.agency_id in shown
        ],
        "set_aside": [{"line_id": s.line_id, "rule": s.rule, "reason": s.reason} for s in appraisal.set_aside],
        "double_counting": [
            {
                "scope": d.scope, "name": d.name,
                "pv_fiscal_gross_gbp": str(d.fiscal_gross_gbp), "pv_fiscal_twice_gbp": str(d.fiscal_twice_gbp),
                "pv_fiscal_net_gbp": str(d.fiscal_net_gbp), "pv_public_gross_gbp": str(d.public_gross_gbp),
                "pv_public_twice_gbp": str(d.public_twice_gbp), "pv_public_net_gbp": str(d.public_net_gbp),
            }
            for d in double_counting(appraisal) if everything or d.scope in shown
        ],
        "optimism_alternatives": {rule: str(value) for rule, value in appraisal.optimism_alternatives.items()},
        "findings": [{"code": f.code, "place": f.place, "found": f.found, "do": f.do} for f in done.findings],
    }  # fmt: skip


def _result(r: Result) -> dict[str, Any]:
    ratios = (r.fiscal_return, r.cash_return, r.public_value_bcr, r.social_return.gross, r.social_return.net)
    columns = [*_FIGURES, "fiscal_return", "public_value_bcr", "sroi_gross", "sroi_net"]
    return {
        "scope": r.scope, "name": r.name, "headline": r.headline, "headline_missing": list(r.gate.missing),
        **{f: str(getattr(r, f)) for f in _FIGURES},
        "pv_by_class": {c: str(r.pv_by_class[c]) for c in CLASSES},
        "pv_disbenefit_by_class": {c: str(r.pv_disbenefit_by_class[c]) for c in CLASSES},
        "ratios": [
            {
                "name": x.name, "rule": x.rule, "numerator_gbp": str(x.numerator), "denominator_gbp": str(x.denominator),
                "value": None if x.value is None else float(x.value), "words": x.words,
            }
            for x in ratios
        ],
        "payback_years": _number(r.returns.payback_years), "payback_whole_years": r.returns.payback_whole_years,
        "discounted_payback_years": _number(r.returns.discounted_payback_years), "payback_reverses": r.returns.reverses,
        "payback": r.returns.payback_words, "internal_rates": list(r.returns.rates), "internal_rate": r.returns.rate,
        "internal_rate_words": r.returns.rate_words, "modified_internal_rate": r.returns.modified_rate,
        "benefits_may_fall_by": _number(r.switching_benefits), "value_words": r.value_band,
        "switching": [
            {
                "name": s.name, "step": s.step, "unit": s.unit, "used": str(s.used), "at": _number(s.at), "in_range": s.is_in_range,
                "lines": list(s.line_ids), "source": s.source, "grade": s.grade,
            }
            for s in r.switching
        ],
        "net_by_year": [str(f) for f in r.returns.flows],
        "addresses": [f"appraisal/{r.scope}/{c}" for c in columns],
    }  # fmt: skip


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
