"""Values of a major projects return: money, missing, dates, ratings, none of them guessed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from gmpp_read import (
    PROJECTS,
    by_title,
    codes,
    read,
)
from returns_made import (
    IPA_2022,
    Dialect,
    as_text,
    is_money,
)

from partnership.intake.returns import read_gmpp, summarise_gmpp


@pytest.mark.parametrize(
    ("cell", "pounds"),
    [
        ("£1.90m", "1900000"), ("-£120.11m", "-120110000"), ("£12,131.50", "12131500000"), ("1,234.5", "1234500000"),
        ("£1.2bn", "1200000000"), ("(30.69)", "-30690000"), ("\N{MINUS SIGN}5", "-5000000"), ("0", "0"), ("£0.00m", "0"),
        ("Â£3.5m", "3500000"), (" 12 ", "12000000"), ("£7 million", "7000000"), ("4.5*", "4500000"), ("1e3", "1000000000"),
    ],
)  # fmt: skip
def test_money_cell_becomes_exact_pounds(cell: str, pounds: str) -> None:
    batch = read(as_text([{**PROJECTS[0], "whole_life": cell}], Dialect(IPA_2022)))
    assert by_title(batch, "GMPP-whole-life-cost")[PROJECTS[0]["name"]][:2] == (Decimal(pounds), None)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("", "blank"), ("-", "blank"), ("\N{NO-BREAK SPACE}", "blank"), ("…", "blank"),
        ("Exempt", "withheld"), ("Exempt under section 43 of the FOIA", "withheld"), ("S.24 exemption", "withheld"),
        ("Data withheld", "withheld"), ("Commercially sensitive", "withheld"), ("Commercial in confidence", "withheld"),
        ("[redacted]", "withheld"), ("Section 22: intended for future publication", "withheld"), ("FOI exempt s35", "withheld"),
        ("OFFICIAL-SENSITIVE", "withheld"), ("Not disclosed", "withheld"), ("exemption applied - national security", "withheld"),
        ("TBC", "too early"), ("tbd", "too early"), ("Not yet baselined", "too early"), ("Too early to say", "too early"),
        ("Early planning GMPP project", "too early"), ("Pre-SOC", "too early"), ("Under development", "too early"),
        ("To be confirmed at OBC", "too early"), ("Business case not yet approved", "too early"),
        ("N/A", "not provided"), ("n/a - programme", "not provided"), ("NA", "not provided"), ("Not provided", "not provided"),
        ("No data", "not provided"), ("Not available", "not provided"), ("Not applicable", "not provided"), ("None", "not provided"),
        ("Unknown", "not provided"), ("The project did not provide data", "not provided"), ("Not monetised", "not provided"),
        ("suppressed", "suppressed"), ("[c]", "suppressed"), ("Low numbers", "suppressed"),
    ],
)  # fmt: skip
def test_missing_spelling_is_kept_with_its_kind_and_words(cell: str, kind: str) -> None:
    batch, findings = read_gmpp(as_text([{**PROJECTS[0], "benefits": cell}], Dialect(IPA_2022)), "x")
    assert batch is not None
    row = batch.frames["readings"].filter(pl.col("measure_id") == "GMPP-whole-life-benefits")
    note = cell.strip("\N{NO-BREAK SPACE}") or None
    assert row.select("value", "missing", "missing_note", "label").rows() == [(None, kind, note, None)]
    assert batch.frames["benefits"]["whole_life_missing"].to_list() == [kind]
    assert "gmpp-unknown-words" not in codes(findings)


@pytest.mark.parametrize(
    "cell", [">1000%", "1.234,5", "12-15", "c. £120m", "£120m (2012 prices)", "12 345 678"]
)
def test_nearly_a_figure_keeps_its_words_and_is_said(cell: str) -> None:
    batch, findings = read_gmpp(as_text([{**PROJECTS[0], "whole_life": cell}], Dialect(IPA_2022)), "x")
    assert batch is not None
    value, missing, label = by_title(batch, "GMPP-whole-life-cost")[PROJECTS[0]["name"]]
    assert (value, missing, label) == (None, "not provided", cell)
    said = [f for f in findings if f.code == "gmpp-not-a-figure"]
    assert said
    assert said[0].place == "line 2"
    assert summarise_gmpp(batch)[-1]["partial"] is True


def test_percentage_as_sentence_or_beyond_a_bound_is_a_label() -> None:
    dialect = Dialect(IPA_2022, extra={"variance": lambda p: p["variance"]})
    cells = [
        ">1000%",
        "-47%",
        "12.5",
        "The variance exceeds 5% because of delays",
        "Exempt under Section 43",
        "0%",
    ]
    batch, _ = read_gmpp(
        as_text([{**p, "variance": c} for p, c in zip(PROJECTS, cells, strict=False)], dialect), "x"
    )
    assert batch is not None
    read_back = list(by_title(batch, "GMPP-year-variance").values())
    assert [v for v, _, _ in read_back] == [None, Decimal(-47), Decimal("12.5"), None, None, Decimal(0)]
    assert [m for _, m, _ in read_back] == ["not provided", None, None, "not provided", "withheld", None]
    assert [lab for _, _, lab in read_back][0:4:3] == [cells[0], cells[3]]


@pytest.mark.parametrize(("factor", "is_said"), [(1, True), (100, False)])
def test_variance_written_as_part_of_one_is_told_by_baseline_and_forecast(factor: int, is_said: bool) -> None:
    def variance(p: dict[str, Any]) -> str:
        if not (is_money(p["baseline"]) and is_money(p["forecast"]) and float(p["baseline"])):
            return ""
        return f"{(float(p['forecast']) / float(p['baseline']) - 1) * factor:.4f}"

    batch, findings = read_gmpp(as_text(PROJECTS, Dialect(IPA_2022, extra={"variance": variance})), "x")
    assert batch is not None
    value = by_title(batch, "GMPP-year-variance")[PROJECTS[0]["name"]][0]
    assert abs(value - Decimal("-46.8354")) < Decimal("0.01")
    assert ("gmpp-variance-parts" in codes(findings)) is is_said


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("31/05/2010", "2010-05-31"), ("01.04.16", "2016-04-01"), ("2021-04-01", "2021-04-01"), ("20.05.2020", "2020-05-20"),
        ("44286", "2021-03-31"), ("2021-04-01 00:00:00", "2021-04-01"), ("1st April 2016", "2016-04-01"), ("Apr-16", "2016-04-01"),
        ("31 March 2098", "2098-03-31"), ("01/03/98", "1998-03-01"), ("05/31/2010", "2010-05-31"),
    ],
)  # fmt: skip
def test_start_date_is_read_in_every_usual_spelling(cell: str, day: str) -> None:
    batch = read(as_text([{**PROJECTS[0], "start": cell, "end": ""}], Dialect(IPA_2022)))
    assert batch.frames["work_items"]["starts_on"].to_list() == [dt.date.fromisoformat(day)]


def test_end_of_two_digits_lies_in_this_century() -> None:
    batch = read(as_text([{**PROJECTS[0], "end": "31.12.78"}], Dialect(IPA_2022)))
    assert batch.frames["work_items"]["due_on"].to_list() == [dt.date(2078, 12, 31)]


@pytest.mark.parametrize(
    ("heading", "pounds"),
    [("£m", 34_000_000), ("£million", 34_000_000), ("£bn", 34_000_000_000), ("£000s", 34_000), ("£", 34)],
)
def test_unit_comes_from_the_heading(heading: str, pounds: int) -> None:
    headings = {
        **IPA_2022,
        "whole_life": f"TOTAL Baseline Whole Life Costs ({heading}) (including Non-Government Costs)",
    }
    batch, _ = read_gmpp(as_text(PROJECTS[:1], Dialect(headings)), "x")
    assert batch is not None
    assert by_title(batch, "GMPP-whole-life-cost")[PROJECTS[0]["name"]][0] == pounds


def test_pounds_under_a_heading_of_millions_are_refused() -> None:
    batch, findings = read_gmpp(as_text([{**PROJECTS[0], "whole_life": "34000000"}], Dialect(IPA_2022)), "x")
    assert batch is not None
    assert any(f.code == "gmpp-too-large" and f.rejects for f in findings)
    assert by_title(batch, "GMPP-whole-life-cost")[PROJECTS[0]["name"]][0] is None


@pytest.mark.parametrize(
    ("label", "kept", "place"),
    [
        ("Reset", "Reset", None),
        ("AMBER", "Amber", 2),
        ("G", "Green", 3),
        ("Amber (SRO)", "Amber", 2),
        ("N/A", "N/A", None),
        ("Exempt", "Exempt", None),
    ],
)
def test_rating_keeps_its_label_and_scale(label: str, kept: str, place: int | None) -> None:
    batch = read(
        as_text([{**PROJECTS[0], "central": label, "owner": ""}, *PROJECTS[1:30]], Dialect(IPA_2022))
    )
    value, missing, shown = by_title(batch, "GMPP-central-rating-three-point")[PROJECTS[0]["name"]]
    assert (value, shown) == (place, kept)
    assert missing == {"N/A": "not provided", "Exempt": "withheld"}.get(label)
