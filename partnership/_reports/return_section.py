"""Investment and return of a pack: who pays and who gains by the appraisal, and what no headline may say."""

from __future__ import annotations

from decimal import Decimal

from partnership import wording
from partnership._reports import board_words
from partnership._reports.blocks import HALF, Beside, Block, Items, Note, Picture, Say, Section, Source, Table
from partnership._reports.board_section import drawn_payers, largest_payer
from partnership._reports.door import Door
from partnership._workflows.appraising import Appraised
from partnership.charts import board as charts
from partnership.charts.investment_sure import Position, worse_off
from partnership.charts.theme import mark_of
from partnership.errors import InvalidInput

__all__ = ["returns", "sure"]

_LABEL = "Investment and return"
_MOST = 6


def returns(door: Door) -> Section:
    """Return who pays and who gains, appraised per agency and for all together."""
    rows = door.view("payers_and_gainers", agency_id=None)
    if not rows.height or not (rows["paid_gbp"].sum() or rows["gained_gbp"].sum()):
        said = Say(rest="No contributions and no benefits are planned yet.")
        return Section("return", _LABEL, "Nothing is planned to be paid or gained yet", [said])
    done = door.appraised
    if isinstance(done, str):
        title = "No return is shown: the plan cannot be appraised yet"
        return Section("return", _LABEL, title, [Note(done), *_planned(door)], ("payers_and_gainers",))
    whole = done.whole
    shown = whole.headline if whole.gate.is_open else None
    title = (shown or "No return is shown: what a headline needs is missing").rstrip(".")
    blocks: list[Block] = []
    if not whole.gate.is_open:
        blocks.append(Note(" ".join(whole.gate.missing)))
    blocks += [Say(rest=_sure(done)), _table(door, done), *_planned(door)]
    blocks += _endings(door)
    settings = done.model.settings
    blocks.append(
        Source(
            f"Appraisal: present value, real pounds of {settings.price_year}, discount rates {settings.vintage_name}; "
            "counterfactual and optimism bias as the plan states them. Fiscal benefit is what it is worth to "
            "public services; only the cash-releasing part can be spent. Public value is never in a fiscal figure."
        )
    )
    if done.findings:
        found = [(f.place + ":", f"{f.found} {f.do}".strip()) for f in done.findings[:_MOST]]
        more = len(done.findings) - len(found)
        title_of = "What the appraisal could not use" + (f"; {more} more on the page" if more else "")
        blocks.append(Items(title_of, found))
    return Section("return", _LABEL, title, blocks, ("payers_and_gainers",))


def _sure(done: Appraised) -> str:
    share, whole = done.whole.switching_benefits, done.whole
    cash = f"{wording.pounds(whole.pv_cashable_gbp)} of it is cash-releasing and can be spent."
    if share is None:
        return cash
    if share < 0:
        return (
            f"{cash} Benefit would have to be {wording.percent(-share)} greater for the whole to break even."
        )
    return f"{cash} All fiscal benefit may fall by {wording.percent(share)} before the whole makes a loss."


def sure(door: Door) -> Section:
    """Return how likely each agency is worse off, over the ranges of the assumptions."""
    from partnership._workflows.uncertainty import uncertain_appraisal

    label, done = "How sure the return is", door.appraised
    if isinstance(done, str) or not done.whole.gate.is_open:
        why = done if isinstance(done, str) else " ".join(done.whole.gate.missing)
        return Section("sure", label, "How likely each agency is worse off is withheld", [Note(why)])
    found = uncertain_appraisal(done.appraisal)
    if not found.ranged:
        said = Say(rest="State for each assumption the least, the likeliest and the most it may be.")
        return Section("sure", label, "No assumption has a range, so nothing says how sure it is", [said])
    open_ones = [s for a, s in found.agencies.items() if done.agencies[a].gate.is_open]
    shown = sorted(
        (s for s in open_ones if (s.p10_gbp or s.p90_gbp) and door.agency_id in (None, s.scope)),
        key=lambda s: (-s.chance_worse_off, s.p50_gbp, s.scope),
    )
    whole = found.whole
    unit = wording.unit_of(whole.p10_gbp, whole.p90_gbp)
    low, middle, high = (
        wording.pounds(v, unit, plus=True) for v in (whole.p10_gbp, whole.p50_gbp, whole.p90_gbp)
    )
    of_100 = wording.chances(whole.chance_worse_off).replace(" in 100", " of 100")
    title = f"All together the partnership is worse off in {of_100} futures"
    rows = [
        Position(
            door.called(s.scope), door.marks.get(s.scope, mark_of(None)), s.p10_gbp, s.p50_gbp, s.p90_gbp,
            s.chance_worse_off, s.chance_worse_off > 0.5,
        )
        for s in shown
    ]  # fmt: skip
    blocks: list[Block] = [
        Say(rest=f"Net for all: {middle} in the middle, {low} to {high} in 8 of 10 futures.")
    ]
    if rows:
        blocks.append(Picture(worse_off(rows)))
    held = [door.called(a) for a, r in done.agencies.items() if not r.gate.is_open]
    if held:
        blocks.append(Note(f"Withheld, their basis is not complete: {wording.listing(held)}."))
    kept = ("draws", "ranges", "fixed", "costs", "exact", "rate", "correlations")
    blocks.append(Source(" ".join(found.sentences[k] for k in kept if k in found.sentences)))
    return Section("sure", label, title, blocks)


def _endings(door: Door) -> list[Block]:
    """Return what ends when, and the cost that then has no payer."""
    from partnership._workflows.running_on import sustain

    try:
        found = sustain(door.store, as_of=door.as_of)
    except InvalidInput:
        return []
    scope = door.agency_id or ""
    scope = scope if scope in found.sentences else "whole"
    endings = [e.sentence for e in found.endings if door.agency_id in (None, e.agency_id)]
    return [Items("When funding ends", [(found.sentences[scope], ""), *(("", s) for s in endings)])]


def _table(door: Door, done: Appraised) -> Table:
    results = sorted(done.agencies.values(), key=lambda r: (r.pv_fiscal_gbp - r.pv_cost_gbp, r.scope))
    shown = [r for r in results if door.agency_id in (None, r.scope)]
    everything = [*(r for r in shown if r.pv_cost_gbp or r.pv_fiscal_gbp), done.whole]
    unit = wording.unit_of(*(r.pv_cost_gbp for r in everything), *(r.pv_fiscal_gbp for r in everything))
    rows = []
    for r in everything:
        net = r.pv_fiscal_gbp - r.pv_cost_gbp
        name = (
            "All together" if r is done.whole else door.agencies.get(r.scope, {}).get("agency_name", r.name)
        )
        money = (r.pv_cost_gbp, r.pv_fiscal_gbp, r.pv_cashable_gbp)
        said = (wording.pounds(v, unit) for v in money)
        rows.append(
            (str(name), *said, wording.pounds(net, unit, plus=True), _not_agreed(r.pv_not_agreed_gbp, unit))
        )
    heads = (
        "Agency",
        "Pays",
        "Fiscal benefit",
        "of it cash-releasing",
        "Net",
        "Cost no finance officer agreed",
    )
    caption = "Each agency at present value, worst net first"
    return Table(caption, heads, rows, frozenset({1, 2, 3, 4, 5}), frozenset({len(rows) - 1}))


def _not_agreed(value: Decimal, unit: str) -> str:
    return wording.pounds(value, unit) if value else "none"


def _planned(door: Door) -> list[Block]:
    """Return what is planned in and out, as entered: the board's own picture and its sentence."""
    rows = door.view("payers_and_gainers", agency_id=None)
    most = largest_payer(rows, door.agency_id, list(door.members))
    paid, gained, twice = (Decimal(rows[k].sum()) for k in ("paid_gbp", "gained_gbp", "twice_gained_gbp"))
    unit = wording.unit_of(paid, gained)
    drawn = charts.pays_and_gains(
        drawn_payers(door.with_short_names(rows), most["agency_id"]), door.marks, unit
    )
    said = board_words.payers_answer(most, door.called(most["agency_id"]))
    out = board_words.payers_out(gained, twice, unit)
    whole = f"{wording.pounds(paid, unit)} in, {out}: planned, as entered, not discounted."
    return [Beside([Say(said), Say(rest=whole, small=True)], [Picture(drawn, HALF)])]
