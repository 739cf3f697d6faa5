"""A settlement as one page to print: no script, nothing fetched, every text escaped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from partnership._roi.settled import AGREED
from partnership._roi.settlement_records import INDICATIVE, NOT_PAYABLE
from partnership._tabular.settlement_book import agreement_fields
from partnership.periods import name_day, name_financial_year
from partnership.wording import pounds

if TYPE_CHECKING:
    from partnership._roi.settled import Settled

__all__ = ["settlement_page"]

_STYLE = """
body { font: 11pt/1.45 Arial, sans-serif; color: #0b0c0c; margin: 2rem auto; max-width: 64rem; padding: 0 1rem }
h1 { font-size: 20pt; margin: 0 } h2 { font-size: 13pt; border-top: 2px solid #0b0c0c; padding-top: .4rem; margin-top: 2rem }
.stamp { font-weight: bold; border: 2px solid #0b0c0c; display: inline-block; padding: .2rem .6rem; margin: .6rem 0 }
table { border-collapse: collapse; width: 100%; font-size: 9.5pt } caption { text-align: left; color: #3b4650; padding-bottom: .3rem }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #d4dae0 }
thead th { border-bottom: 2px solid #0b0c0c } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
tr.chosen th, tr.chosen td { font-weight: bold } .wide { overflow-x: auto }
@page { size: A4 landscape; margin: 12mm }
@media print { body { margin: 0; max-width: none } thead { display: table-header-group } tr, h2 { break-inside: avoid } h2 { break-after: avoid } .wide { overflow: visible } }
"""


def settlement_page(done: Settled, *, name: str = "", made_at: dt.datetime | None = None) -> str:
    """Return a settlement as one HTML page.

    Parameters
    ----------
    done : Settled
        What to write.
    name : str
        Name of the partnership.
    made_at : datetime.datetime, optional
        When; now if not given.
    """
    made = made_at or dt.datetime.now(dt.UTC)
    title = f"Settlement: {name}" if name else "Settlement"
    floor = ", nobody worse off" if done.terms.floor else ""
    parts = [
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>",
        f"<h1>{escape(title)}</h1><p class=stamp>{escape(INDICATIVE)}</p><p><strong>{escape(done.headline)}</strong></p>",
        f"<p>Made on {name_day(made.date())}. Shared by: {escape(done.chosen.method.name)}{floor}. Discount rates {escape(done.vintage)}. "
        f"Real pounds are of {escape(done.prices)}.</p>",
        _schedule(done), _sentences("Who could pay, and what stands in the way", done.why), _ways(done),
    ]  # fmt: skip
    if done.settlement:
        parts += [
            _sentences(
                f"From present value to {'pounds of the day' if done.settlement.is_payable else 'real pounds'}",
                [y.sentence for y in done.settlement.years],
            ),
            _sentences("What must stand on every copy", done.settlement.sentences),
        ]
    parts.append(
        _table("Agreements: by what route money may pass", "", AGREED, done.agreements, len(AGREED))
        if done.agreements
        else _sentences(
            "Agreements: by what route money may pass", ["None is written down, so no transfer has a route."]
        )
    )
    parts.append(_table("Investment agreement", "", ("Field", "As it stands"), agreement_fields(done), 2))
    parts.append(_sentences("How it was taken", [*done.notes, *done.shares.notes]))
    return "".join(parts) + "</main></body></html>\n"


def _schedule(done: Settled) -> str:
    found = done.settlement
    if found is None or not found.transfers:
        return f"<h2>Schedule</h2><p>{escape(done.withheld or 'No transfer can pass.')}</p>"
    rows = [
        (
            name_financial_year(t.financial_year), t.nature, done.names.get(t.payer_id, t.payer_id), done.names.get(t.receiver_id, t.receiver_id),
            f"{t.route}{f' ({t.reference})' if t.reference else ''}", _gbp(t.amount_gbp) if found.is_payable else "not payable yet", _gbp(t.real_gbp),
        )
        for t in found.transfers
    ]  # fmt: skip
    total = _gbp(found.total_gbp)
    rows.append(("", "", "", "", "All transfers", *((total, "") if found.is_payable else ("", total))))
    heads = (
        "Financial year",
        "Nature",
        "Who pays",
        "Who receives",
        "Route",
        "Pounds of the day",
        "Real pounds",
    )
    said = "Balances of each year and nature sum to nil."
    if not found.is_payable:
        said = f"{NOT_PAYABLE}: real pounds of {done.prices}. {said}"
    return _table("Schedule", said, heads, rows, 5)


def _ways(done: Settled) -> str:
    shares = done.shares
    heads = ("Way of sharing", "Core test", *(done.names.get(a, a) for a in shares.agencies))
    rows, chosen = [], -1
    for at, (key, result) in enumerate((("now", shares.now), *shares.results.items())):
        chosen = at if key == done.terms.method else chosen
        core = f"Withheld: {result.withheld}" if result.withheld else result.core_sentence
        rows.append(
            (
                result.method.name,
                core,
                *(_gbp(result.net_gbp[a]) if result.net_gbp else "" for a in shares.agencies),
            )
        )
    caption = f"Net share of {_gbp(shares.total_gbp)}, present value. The way that is settled is in bold."
    return _table("Ways of sharing, side by side", caption, heads, rows, 2, chosen)


def _table(
    title: str,
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    texts: int,
    chosen: int = -1,
) -> str:
    """Return a table; columns from ``texts`` on are figures."""

    def cells(row: Sequence[str], tag: str) -> str:
        return "".join(
            f"<{'th scope=row' if tag == 'td' and not at else tag + (' scope=col' if tag == 'th' else '')}{' class=n' if at >= texts else ''}>{escape(text)}"
            f"</{'th' if tag == 'td' and not at else tag}>"
            for at, text in enumerate(row)
        )

    body = "".join(
        f"<tr{' class=chosen' if at == chosen else ''}>{cells(row, 'td')}</tr>" for at, row in enumerate(rows)
    )
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<h2>{escape(title)}</h2><div class=wide tabindex=0><table>{said}<thead><tr>{cells(heads, 'th')}</tr></thead><tbody>{body}</tbody></table></div>"


def _sentences(title: str, sentences: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(s)}</li>" for s in sentences)
    return f"<h2>{escape(title)}</h2><ul>{items}</ul>" if items else ""


def _gbp(amount: Decimal) -> str:
    return pounds(amount, pence=True)
