"""What must be said of a major projects return: nothing is skipped or changed in silence."""

from __future__ import annotations

from decimal import Decimal

import pytest
from gmpp_read import (
    MILLION,
    OLD,
    PROJECTS,
    by_title,
    codes,
    expected_money,
    read,
    written,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns_made import (
    FIELDS,
    IPA_2018,
    IPA_2022,
    MPA_2014,
    Dialect,
    as_text,
    grid,
    pounds_m,
)

from partnership.intake._return_values import missing_kind, read_number
from partnership.intake.returns import read_gmpp


def test_open_quotation_mark_is_refused_with_its_line() -> None:
    text = as_text(PROJECTS, Dialect(IPA_2022)).decode()
    at = text.index("CO_0133")
    _, findings = read_gmpp(f'{text[:at]}"{text[at:]}'.encode(), "x")
    assert any(
        f.rejects and f.code in ("gmpp-ragged", "file-open-quote") and "line" in f.found for f in findings
    )


def test_quotation_mark_that_swallows_the_rest_is_refused() -> None:
    text = written(
        [list(FIELDS), *[[p[n].replace('"', "").replace("\n", " ") for n in FIELDS] for p in PROJECTS]]
    ).decode()
    plain = "\n".join(line.replace('"', "") for line in text.splitlines())
    headed = plain.replace("id,name,department", "GMPP ID,Project Name,Department", 1)
    at = headed.index("CO_0027")
    _, findings = read_gmpp(f'{headed[:at]}"{headed[at:]}'.encode(), "x")
    assert any(f.code == "file-open-quote" and f.rejects for f in findings)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"%PDF-1.7 ...", "file-kind"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "file-kind"),
        (b"a,b,c\n1,2,3\n", "gmpp-no-headings"),
        (b"Project Name,Department,MPA RAG rating\n", "gmpp-no-projects"),
        (b"PK\x03\x04 broken", "file-broken"),
        (b"Project Name,Department,MPA RAG\0 rating\nA,B,Red\n", "file-nul"),
    ],
)
def test_file_that_is_no_return_is_refused_in_words(data: bytes, code: str) -> None:
    _, findings = read_gmpp(data, "x", year=2020)
    refused = [f for f in findings if f.rejects]
    assert [f.code for f in refused] == [code]
    assert refused[0].found.endswith((".", ")"))
    assert refused[0].do


def test_bytes_of_no_alphabet_are_kept_as_marks_and_said() -> None:
    data = as_text(PROJECTS, Dialect(IPA_2022, encoding="cp1252")).replace(b"Falcon IT", b"F\x81lcon\x9d IT")
    batch, findings = read_gmpp(data, "x")
    assert batch is not None
    assert batch.rows_kept == 244
    assert "file-stray-bytes" in codes(findings)


def test_pound_sign_survives_every_encoding() -> None:
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be", "utf-16-le"):
        batch = read(as_text(PROJECTS[:3], Dialect(IPA_2022, encoding=encoding, money=pounds_m)))
        assert by_title(batch, "GMPP-whole-life-cost")[PROJECTS[0]["name"]][0] == 34 * MILLION


def test_lines_may_end_with_a_lone_carriage_return() -> None:
    flat = [{k: v.replace("\n", " ") for k, v in p.items()} for p in PROJECTS]
    assert read(as_text(flat, Dialect(IPA_2022, newline="\r"))).rows_kept == 244


def test_repeated_and_clashing_lines_are_each_accounted_for() -> None:
    first, other = PROJECTS[0], PROJECTS[1]
    rows = [first, first, {**first, "whole_life": "99"}, {**other, "id": first["id"]}]
    batch, findings = read_gmpp(as_text(rows, Dialect(IPA_2022)), "x")
    assert batch is not None
    assert (batch.rows_read, batch.rows_kept) == (4, 2)
    assert ["says the same" in s.reason for s in batch.skipped] == [True, False]
    assert set(batch.frames["work_items"]["id"]) == {first["id"], f"{first['id']}-2"}
    assert {"gmpp-project-twice", "gmpp-number-twice"} <= codes(findings)


def test_working_notes_and_totals_are_skipped_with_reasons() -> None:
    dialect = Dialect(IPA_2018, flipped=True)
    table = [
        [*row, extra]
        for row, extra in zip(
            grid(OLD[:6], dialect), ["", "Cells to be exempted", "", "D10-D16", *[""] * 11], strict=True
        )
    ]
    batch = read(written(table))
    assert batch.rows_kept == 6
    assert [s.reason.split(",")[0] for s in batch.skipped] == ["Notes of those who made the file"]
    total = ["", "Total", *[""] * 8, "1", "2", "", "", "3", "", "", "", ""]
    batch = read(written([*grid(PROJECTS[:6], Dialect(IPA_2022)), total]))
    assert [s.reason.split(",")[0] for s in batch.skipped] == ["A total of other lines"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    keep=st.lists(st.integers(0, 243), min_size=1, max_size=12, unique=True),
    junk=st.lists(st.sampled_from(["", "Note: a remark", "Total", "Ministry of Magic", "*"]), max_size=6),
    flipped=st.booleans(),
    separator=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_rows_read_are_kept_or_skipped_whatever_stands_between(
    keep: list[int], junk: list[str], flipped: bool, separator: str, encoding: str
) -> None:
    dialect = Dialect(
        IPA_2022, flipped=flipped, separator=separator, encoding=encoding, below=[[j] for j in junk]
    )
    batch, findings = read_gmpp(as_text([PROJECTS[i] for i in keep], dialect), "x", year=2023)
    assert batch is not None, findings
    assert batch.rows_kept == len(keep) == batch.frames["work_items"].height
    assert batch.rows_read == batch.rows_kept + len(batch.skipped)
    assert all(s.place and s.reason for s in batch.skipped)
    if not flipped:
        assert len(batch.skipped) == sum(bool(j) for j in junk)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_words_never_become_zero(text: str) -> None:
    number = read_number(text)
    assert number is None or any(c.isdigit() for c in text)
    if number is None:
        assert missing_kind(text).kind in ("withheld", "too early", "suppressed", "not provided", "blank")


def test_cells_under_no_heading_and_lines_without_a_name_are_said() -> None:
    rows = grid(PROJECTS[:4], Dialect(IPA_2022))
    rows = [[*r, "" if i == 0 else "1"] for i, r in enumerate(rows)]
    rows[2][0] = rows[2][1] = ""
    batch, findings = read_gmpp(written(rows), "x")
    assert batch is not None
    assert (batch.rows_kept, len(batch.skipped)) == (3, 1)
    assert "3 cells" in next(f.found for f in findings if f.code == "gmpp-no-heading")
    assert "1 lines have figures" in next(f.found for f in findings if f.code == "gmpp-nameless")


def test_projects_of_one_name_in_two_departments_are_two() -> None:
    headings = {k: v for k, v in IPA_2022.items() if k != "id"}
    rows = [{**p, "name": "Shared Services"} for p in (PROJECTS[0], PROJECTS[11])]
    batch, findings = read_gmpp(as_text(rows, Dialect(headings)), "x")
    assert batch is not None
    assert batch.frames["work_items"]["id"].to_list() == ["P-SHARED-SERVICES", "P-SHARED-SERVICES-2"]
    assert "gmpp-number-twice" in codes(findings)


def test_decimal_commas_are_read_where_the_whole_return_has_them() -> None:
    def comma(text: str) -> str:
        return f"{float(text):,.2f}".translate(str.maketrans(",.", ".,"))

    batch, findings = read_gmpp(as_text(PROJECTS, Dialect(IPA_2022, separator=";", money=comma)), "x")
    assert batch is not None
    assert {t: v for t, (v, _, _) in by_title(batch, "GMPP-whole-life-benefits").items()} == expected_money(
        "benefits"
    )
    assert "gmpp-decimal-comma" in codes(findings)


def test_pound_sign_lost_on_the_way_does_not_lose_the_figure() -> None:
    rows = [{**PROJECTS[0], "baseline": "?1.90m", "forecast": "-?120.11m", "whole_life": "\ufffd12,131.50"}]
    batch = read(as_text(rows, Dialect({**IPA_2022, "whole_life": "TOTAL Baseline Whole Life Costs (?m)"})))
    values = [
        by_title(batch, f"GMPP-{m}")[rows[0]["name"]][0]
        for m in ("year-baseline", "year-forecast", "whole-life-cost")
    ]
    assert values == [Decimal("1900000"), Decimal("-120110000"), Decimal("12131500000")]


@pytest.mark.parametrize(
    ("old", "new"),
    [("Department", "Departmant"), ("Project Name", "Project  name:"), ("Department", "DEPARTMENT\n1")],
)
def test_heading_with_a_slip_is_still_known(old: str, new: str) -> None:
    headings = {k: new if v == old else v for k, v in MPA_2014.items()}
    assert read(as_text(OLD[:5], Dialect(headings, flipped=True))).rows_kept == 5


def test_projects_whose_names_are_withheld_are_each_kept() -> None:
    headings = {k: v for k, v in IPA_2022.items() if k != "id"}
    rows = [{**p, "name": "Exempt under Section 24"} for p in PROJECTS[:3]]
    batch, _ = read_gmpp(as_text(rows, Dialect(headings)), "x")
    assert batch is not None
    assert batch.rows_kept == batch.frames["work_items"].height == 3


def test_one_project_in_two_columns_and_a_hint_for_excel_are_read() -> None:
    batch = read(as_text(OLD[:1], Dialect(MPA_2014, flipped=True)))
    assert batch.frames["work_items"]["title"].to_list() == [PROJECTS[0]["name"]]
    batch = read(b"sep=;\r\n" + as_text(PROJECTS[:9], Dialect(IPA_2022, separator=";")))
    assert batch.rows_kept == 9


def test_blank_columns_before_and_sections_beside_the_field_names_do_no_harm() -> None:
    table = grid(OLD[:20], Dialect(MPA_2014, flipped=True))
    rows = [["", "Money" if "£" in r[0] else "", *r] for r in table]
    batch = read(written([["", "", "GMPP return"], *rows]))
    assert batch.rows_kept == 20
    assert batch.skipped == ()
