"""A settlement as a workbook: the schedule, every way of sharing with its core test, what is not paid, the agreement."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from partnership._roi.settled import AGREED
from partnership._roi.settlement_records import INDICATIVE, NATURES, NOT_PAYABLE
from partnership._tabular.live_book import LiveBook, LiveSheet, a1, absolute
from partnership.money import round_pounds
from partnership.periods import name_day, name_financial_year
from partnership.wording import listing, pounds

if TYPE_CHECKING:
    from partnership._roi.settled import Settled

__all__ = ["agreement_fields", "settlement_workbook"]

SCHEDULE, SHARES, CORE, BALANCES, NOT_PAID, AGREEMENT = "Settlement", "Ways of sharing", "Core test", "Balances", "Not paid", "Agreement"  # fmt: skip
_WRAPPED: dict[str, Any] = {"text_wrap": True, "valign": "top"}


def settlement_workbook(done: Settled, *, name: str = "", made_at: dt.datetime | None = None) -> bytes:
    """Return a settlement as a workbook to read and print; sums are formulas, with the values found.

    Parameters
    ----------
    done : Settled
        What to write.
    name : str
        Name of the partnership.
    made_at : datetime.datetime, optional
        When; now if not given.
    """
    from xlsxwriter import Workbook

    made = made_at or dt.datetime.now(dt.UTC)
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(out, options) as raw:
        raw.set_properties(
            {"title": f"Settlement: {name}", "comments": INDICATIVE, "created": made.replace(tzinfo=None)}
        )
        raw.set_size(2400, 1500)
        book = LiveBook(raw)
        _schedule(book, done, name, made)
        _ways(book, done)
        _core(book, done)
        _balances(book, done)
        _not_paid(book, done)
        _agreement(book, done)
    return out.getvalue()


def _tall(words: str, width: int, least: int = 1) -> int:
    return 14 * max(least, -(-len(words) // width)) + 3


def _schedule(book: LiveBook, done: Settled, name: str, made: dt.datetime) -> None:
    payable = done.settlement is None or done.settlement.is_payable
    sheet = book.sheet(SCHEDULE, f"{INDICATIVE} {name}", (16, 12, 30, 30, 20, 20, 13, 22, 34), header_row=6)
    sheet.text(2, 0, done.headline, bold=True, font_size=12)
    sheet.text(
        3,
        0,
        f"Made on {name_day(made.date())}. Shared by: {done.chosen.method.name}{', nobody worse off' if done.terms.floor else ''}. Discount rates {done.vintage}.",
        font_color="#3b4650",
    )
    sheet.text(
        4,
        0,
        f"Amounts are pounds of the day; beside them real pounds of {done.prices}."
        if payable
        else f"{NOT_PAYABLE}. Amounts are real pounds of {done.prices}.",
        font_color="#3b4650",
    )
    sheet.head(
        ("Financial year", "Nature", "Who pays", "Who receives", "Pounds of the day", f"Real pounds of {done.prices}", "Prices of the day per real £1", "Route", "Reference"),
        text_columns=4,
    )  # fmt: skip
    row = first = 7
    for t in done.settlement.transfers if done.settlement else ():
        for column, words in enumerate(
            (
                name_financial_year(t.financial_year),
                t.nature,
                done.names.get(t.payer_id, t.payer_id),
                done.names.get(t.receiver_id, t.receiver_id),
            )
        ):
            sheet.text(row, column, words)
        if payable:
            sheet.number(row, 4, t.amount_gbp, "pounds")
            sheet.work_out(row, 5, f"ROUND({a1(row, 4)}/{a1(row, 6)},2)", t.real_gbp, "pounds")
            sheet.number(row, 6, t.price_step, "factor")
        else:
            sheet.text(row, 4, "not payable yet", align="right")
            sheet.number(row, 5, t.real_gbp, "pounds")
            sheet.text(row, 6, "not known", align="right")
        sheet.text(row, 7, t.route, bold=not t.has_route)
        sheet.text(row, 8, t.reference)
        row += 1
    if row == first:
        sheet.text(row, 0, done.withheld or "No transfer can pass. The reasons stand below.", bold=True)
        row += 1
    else:
        total = done.settlement.total_gbp if done.settlement else Decimal(0)
        sheet.text(row, 3, "All transfers", bold=True)
        at = 4 if payable else 5
        sheet.work_out(row, at, f"SUM({a1(first, at)}:{a1(row - 1, at)})", total, "pounds", bold=True)
        row += 1
    blocks: list[tuple[str, Sequence[str]]] = [("Who could pay, and what stands in the way", done.why)]
    if done.settlement:
        blocks += [
            ("What must stand on every copy", done.settlement.sentences),
            (
                f"From present value to {'pounds of the day' if payable else 'real pounds'}",
                [y.sentence for y in done.settlement.years],
            ),
        ]
    blocks.append(("How it was taken", [*done.notes, *done.shares.notes]))
    for title, sentences in blocks:
        row += 1
        sheet.section(row, title, 9)
        for sentence in sentences or ["Nothing to say."]:
            row += 1
            sheet.sheet.merge_range(row, 0, row, 8, "", book.formats(**_WRAPPED))
            sheet.text(row, 0, sentence, **_WRAPPED)
            sheet.sheet.set_row(row, _tall(sentence, 185))
        row += 1


def _ways(book: LiveBook, done: Settled) -> None:
    shares = done.shares
    names = [done.names.get(a, a) for a in shares.agencies]
    sheet = book.sheet(
        SHARES, f"Every way of sharing {pounds(shares.total_gbp, pence=True)} of net gain, present value. No way is right for everybody.", (34, 16, *[17] * len(names), 17, 60, 60, 60), header_row=3, frozen=1,
    )  # fmt: skip
    sheet.head(("Way", "What", *names, "Sum", "Core test", "Fits when", "Known trap"), text_columns=2)
    row = 4
    facts: list[tuple[str, Mapping[str, Decimal]]] = [
        ("Pays today", shares.paid_gbp),
        ("Gains today", shares.gained_gbp),
    ]
    if shares.floor_gbp:
        facts.append(("Floor: least net share", shares.floor_gbp))
    for title, amounts in facts:
        sheet.text(row, 0, title, bold=True)
        _across(sheet, row, amounts, shares.agencies)
        row += 1
    for key, result in (("now", shares.now), *shares.results.items()):
        chosen = " (settled)" if key == done.terms.method else ""
        sheet.text(row, 0, f"{result.method.name}{chosen}", bold=bool(chosen), **_WRAPPED)
        at = 3 + len(names)
        if result.withheld:
            sheet.text(row, 1, f"withheld: {result.withheld}")
            row += 1
            continue
        for words, column in (
            (result.core_sentence, at),
            (result.method.fit, at + 1),
            (result.method.trap, at + 2),
        ):
            sheet.text(row, column, words, **_WRAPPED)
        sheet.sheet.set_row(row, _tall(max(result.core_sentence, result.method.trap, key=len), 58, 2))
        measures = [
            ("net share", result.net_gbp),
            ("would pay", result.pays_gbp),
            ("receives; − gives", result.transfer_gbp),
        ]
        if result.standard_error_gbp:
            measures.append(("standard error", result.standard_error_gbp))
        for words, amounts in measures:
            sheet.text(row, 1, words, valign="top")
            _across(sheet, row, amounts, shares.agencies, has_sum=words != "standard error")
            row += 1
        if result.raised:
            sheet.text(row, 1, f"The floor lifted {listing([done.names.get(a, a) for a in result.raised])}.")
            row += 1


def _across(
    sheet: LiveSheet,
    row: int,
    amounts: Mapping[str, Decimal],
    agencies: Sequence[str],
    *,
    has_sum: bool = True,
) -> None:
    for column, agency in enumerate(agencies, 2):
        sheet.number(row, column, amounts.get(agency, Decimal(0)), "pounds", valign="top")
    if has_sum:
        last = 1 + len(agencies)
        total = sum((amounts.get(a, Decimal(0)) for a in agencies), Decimal(0))
        sheet.work_out(
            row, last + 1, f"ROUND(SUM({a1(row, 2)}:{a1(row, last)}),2)", total, "pounds", valign="top"
        )


def _core(book: LiveBook, done: Settled) -> None:
    sheet = book.sheet(
        CORE,
        "Who would do better alone, by how much, under each way of sharing. No group in the list: nobody would.",
        (34, 60, 19, 19, 19, 70),
        header_row=3,
    )
    sheet.head(("Way", "Group", "Alone", "Together", "Better alone by", "In words"), text_columns=2)
    row = 4
    for result in (done.shares.now, *done.shares.results.values()):
        for o in result.objections:
            sheet.text(row, 0, result.method.name, **_WRAPPED)
            sheet.text(row, 1, listing([done.names.get(a, a) for a in o.agencies]), **_WRAPPED)
            sheet.number(row, 2, o.alone_gbp, "pounds", valign="top")
            sheet.number(row, 3, o.together_gbp, "pounds", valign="top")
            sheet.number(row, 4, o.better_by_gbp, "pounds", valign="top")
            sheet.text(row, 5, o.sentence, **_WRAPPED)
            sheet.sheet.set_row(row, _tall(o.sentence, 68))
            row += 1
    if row == 4:
        sheet.text(row, 0, done.chosen.core_sentence or "Not tested.")


def _balances(book: LiveBook, done: Settled) -> None:
    sheet = book.sheet(
        BALANCES,
        "Each agency in each year: cash it could have passed on, what it pays (−) or receives. Every year and nature sums to nil."
        + (
            ""
            if done.settlement is None or done.settlement.is_payable
            else f" {NOT_PAYABLE}: real pounds of {done.prices}."
        ),
        (16, 12, 34, 22, 22, 16),
        header_row=3,
    )
    sheet.head(
        ("Financial year", "Nature", "Agency", "Cash it could pass on", "Receives; − pays", "Check"),
        text_columns=3,
    )
    row = 4
    balances = done.settlement.balances if done.settlement else ()
    for year in sorted({b.financial_year for b in balances}):
        for nature in NATURES:
            mine = [b for b in balances if (b.financial_year, b.nature) == (year, nature)]
            first = row
            for b in mine:
                for column, words in enumerate(
                    (name_financial_year(year), nature, done.names.get(b.agency_id, b.agency_id))
                ):
                    sheet.text(row, column, words)
                sheet.number(row, 3, b.available_gbp, "pounds")
                sheet.number(row, 4, b.amount_gbp, "pounds")
                row += 1
            if mine:
                total = f"ROUND(SUM({absolute(first, 4)}:{absolute(row - 1, 4)}),2)"
                sheet.text(row, 2, "Sum", bold=True)
                sheet.work_out(row, 4, total, Decimal(0), "pounds", bold=True)
                sheet.work_out(
                    row,
                    5,
                    f'IF({a1(row, 4)}=0,"OK","differs by £"&TEXT(ABS({a1(row, 4)}),"#,##0.00"))',
                    "OK",
                    "text",
                )
                row += 2
    if row == 4:
        sheet.text(row, 0, "No money moves.")
    row += 1
    sheet.section(row, "Still due at the end, present value", 6)
    for agency, amount in (done.settlement.unfunded_pv_gbp if done.settlement else {}).items():
        row += 1
        sheet.text(row, 2, done.names.get(agency, agency))
        sheet.number(row, 4, amount, "pounds")


def _not_paid(book: LiveBook, done: Settled) -> None:
    sheet = book.sheet(
        NOT_PAID,
        "Benefit that informs the shares and is never paid, or cannot be paid yet, with the reason.",
        (30, 16, 46, 22, 66),
        header_row=3,
    )
    sheet.head(("Agency", "Financial year", "Benefit", "Pounds", "Why it is not paid"), text_columns=3)
    row = 4
    for n in done.settlement.not_paid if done.settlement else ():
        for column, words in enumerate(
            (done.names.get(n.agency_id, n.agency_id), name_financial_year(n.financial_year), n.source)
        ):
            sheet.text(row, column, words, **_WRAPPED)
        sheet.number(row, 3, n.amount_gbp, "pounds", valign="top")
        sheet.text(row, 4, n.reason, **_WRAPPED)
        row += 1
    if row == 4:
        sheet.text(row, 0, "Nothing is set aside.")


def _agreement(book: LiveBook, done: Settled) -> None:
    agreement = done.agreement
    agencies = agreement.parties
    sheet = book.sheet(
        AGREEMENT,
        f"The fields of an investment agreement. {agreement.note}",
        (34, 22, 14, *[17] * len(agencies), 17),
        header_row=3,
    )
    sheet.head(
        ("Stream: nature", "Funding", "Form", *(done.names.get(a, a) for a in agencies), "All parties"),
        text_columns=3,
    )
    row = 4
    for stream in agreement.streams:
        for column, words in enumerate((stream.nature, stream.funding, stream.form)):
            sheet.text(row, column, words)
        for column, agency in enumerate(agencies, 3):
            sheet.number(row, column, stream.by_agency_gbp.get(agency, Decimal(0)), "pounds")
        last = 2 + len(agencies)
        sheet.work_out(
            row, last + 1, f"SUM({a1(row, 3)}:{a1(row, last)})", round_pounds(stream.total_gbp), "pounds"
        )
        row += 1
    row += 1
    for title, words in agreement_fields(done):
        sheet.text(row, 0, title, bold=True, **_WRAPPED)
        sheet.text(row, 1, words)
        row += 1
    sheet.section(row + 1, "By what route money may pass, and what is under contract", len(AGREED))
    sheet.head(AGREED, row=row + 2, text_columns=len(AGREED))
    row += 3
    for one in done.agreements:
        for column, words in enumerate(one):
            sheet.text(row, column, words, **_WRAPPED)
        row += 1
    if not done.agreements:
        sheet.text(row, 0, "None is written down, so no transfer has a route.")


def agreement_fields(done: Settled) -> list[tuple[str, str]]:
    """Return the fields of the agreement that are no money, in words."""
    agreement = done.agreement
    blank = "not stated yet"

    def day(one: dt.date | None) -> str:
        return name_day(one) if one else blank

    return [
        ("Parties", listing([done.names.get(a, a) for a in agreement.parties]) or "none"),
        ("Way of sharing", agreement.method + (", nobody worse off" if agreement.floor else "")),
        ("Appraised return, cash for £1", agreement.appraised_return.words),
        ("Current return, cash for £1", agreement.current_return.words),
        ("What happens to money released", agreement.reinvestment or blank),
        ("Share that goes back into the work", blank if agreement.reinvested_share is None else f"{agreement.reinvested_share * 100:f}%"),
        ("First day", day(agreement.starts_on)), ("Day of review", day(agreement.review_on)), ("Last day", day(agreement.ends_on)),
        ("Still to be filled in", listing(list(agreement.missing)) or "nothing"),
    ]  # fmt: skip
