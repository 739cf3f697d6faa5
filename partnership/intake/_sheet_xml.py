"""One sheet's XML into cells, by a scan in columns: no Python object a cell.

The XML is cut at every ``<c `` and one regular expression takes each piece apart. A piece that does not fit
(another order of attributes, an unusual element) sends the whole sheet through
:mod:`partnership.intake._plain_xml` once; what does not fit then is damage, never skipped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from partnership.intake._plain_xml import is_plain, plain_xml
from partnership.intake._strings import inline_texts, unescaped, with_xml_line_ends
from partnership.intake.raw import KINDS, column_letter, column_number

__all__ = ["CELL_SCHEMA", "SheetDamage", "SheetFacts", "read_cells"]

CELL_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "row": pl.Int32,
    "column": pl.Int32,
    "kind": KINDS,
    "text": pl.String,
    "formula": pl.String,
}

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384

_CELL = (
    r'^r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?(?: (?:cm|vm|ph)="[^"]*")* ?'
    r"(?:/>|>(<f(?: [^>]*)?(?:/>|>[^<]*</f>))?(?:<v(?: [^>]*)?>([^<]*)</v>|<v ?/>)?"
    r"(?:<is ?/>|<is>((?s:.*?))</is>)?</c>)"
)
_PARTS = ("letters", "row", "style", "type", "formula", "value", "inline")
_FORMULA = re.compile(r"<f(?: [^>]*)?>([^<]*)</f>")
_UNKNOWN_SHARED = "=(shared formula)"
_SHARED = re.compile(r'<f [^>]*?\bsi="([0-9]+)"')
_HIDDEN_ROW = re.compile(r'<row (?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="([0-9]+)"')
_COLUMN = re.compile(r"<col ([^>]*)>")
_MERGED = re.compile(r'<mergeCell [^>]*?\bref="([^"]*)"')
_UNREADABLE = "a cell is written in a way that no spreadsheet writes"
_OUTSIDE = "a cell lies outside the largest sheet there is"
_UNKNOWN_TYPE = "a cell has the unknown type "
_NO_SUCH_TEXT = "a cell points at a text that is not in the workbook"
_TYPES = ("s", "str", "inlineStr", "b", "e", "d", "n")


class SheetDamage(Exception):  # noqa: N818 - it never leaves this room: the sheet's reader makes a finding of it
    """The sheet's XML does not say what a sheet must; ``args[0]`` says how, in words."""


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What a sheet's XML says beside its values.

    Parameters
    ----------
    merged : tuple[str, ...]
        Ranges of merged cells.
    hidden_rows, hidden_columns : tuple[int, ...]
        Hidden rows and columns that hold a value.
    repeated : tuple[str, ...]
        Cells given more than once.
    disordered : str | None
        The first cell that stands before its predecessor.
    has_background : bool
        True when the sheet has a background picture.
    """

    merged: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    repeated: tuple[str, ...] = ()
    disordered: str | None = None
    has_background: bool = False


def read_cells(
    content: bytes, strings: pl.Series, styles: pl.Series, *, undo_excel: bool, uncalculated: bool
) -> tuple[pl.DataFrame, SheetFacts]:
    """Return a sheet's cells that hold anything, in the order of the XML, and the facts about it.

    Parameters
    ----------
    content : bytes
        The sheet's XML, known to be well-formed and without a DOCTYPE.
    strings : polars.Series
        Shared strings.
    styles : polars.Series
        ``number``, ``percent`` or ``date`` for each cell style.
    undo_excel : bool
        True when texts are escaped as Excel escapes.
    uncalculated : bool
        True when the workbook asks to be calculated on opening, so that no spreadsheet has saved it since a
        program wrote it: a formula's stored 0 is then a placeholder and not a value.

    Returns
    -------
    tuple[polars.DataFrame, SheetFacts]
        Columns of :data:`CELL_SCHEMA`. A cell of kind ``blank`` has a formula without a stored value.

    Raises
    ------
    SheetDamage
        If a cell cannot be read.
    """
    content = with_xml_line_ends(content) if is_plain(content) else plain_xml(content)
    parts = _scan(content)
    if parts is None:
        content = plain_xml(content)
        parts = _scan(content)
    if parts is None:
        raise SheetDamage(_UNREADABLE)
    parts = _placed(parts)
    repeated, disordered = _order(parts)
    cells = _typed(parts, strings, styles, undo_excel=undo_excel, uncalculated=uncalculated)
    start, end = _body(content)
    head, tail = content[:start].decode(), content[end:].decode()
    facts = SheetFacts(
        merged=tuple(_MERGED.findall(tail)),
        hidden_rows=_hidden_rows(content[start:end], cells),
        hidden_columns=_hidden_columns(head, cells),
        repeated=repeated,
        disordered=disordered,
        has_background="<picture" in tail,
    )
    return cells, facts


def _body(content: bytes) -> tuple[int, int]:
    start = content.find(b"<sheetData")
    end = content.rfind(b"</sheetData>")
    return (start, end) if end >= 0 else (max(start, 0), max(start, 0))


def _scan(content: bytes) -> pl.DataFrame | None:
    """Return cells cut apart; None when a piece does not fit the plain spelling."""
    start, end = _body(content)
    count = content.count(b"<c", start, end)
    if not count:
        return pl.DataFrame(schema=dict.fromkeys(_PARTS, pl.String))
    pieces = pl.Series("piece", [content[start:end].decode()]).str.split("<c ").explode().slice(1)
    if len(pieces) != count:
        return None
    parts = pieces.to_frame().select(pl.col("piece").str.extract_groups(_CELL)).unnest("piece")
    parts.columns = list(_PARTS)
    return None if parts["row"].has_nulls() else parts


def _placed(parts: pl.DataFrame) -> pl.DataFrame:
    """Return cells with letters and row numbers as numbers."""
    numbers = {letters: column_number(letters) for letters in ("A", *parts["letters"].unique())}
    placed = parts.with_columns(
        pl.col("row").cast(pl.Int32),
        pl.col("letters").replace_strict(numbers, return_dtype=pl.Int32).alias("column"),
    ).drop("letters")
    if placed.height and (placed["row"].max() > MOST_ROWS or placed["column"].max() > MOST_COLUMNS):  # type: ignore[operator]
        raise SheetDamage(_OUTSIDE)
    return placed


def _order(cells: pl.DataFrame) -> tuple[tuple[str, ...], str | None]:
    """Return cells given twice, and the first cell out of order."""
    position = cells.select(pl.col("row").cast(pl.Int64) * MOST_COLUMNS + pl.col("column")).to_series()
    wrong = (position.diff() <= 0).fill_null(value=False)
    if not wrong.any():
        return (), None
    twice = cells.filter(position.is_duplicated()).select("row", "column").unique(maintain_order=True)
    repeated = tuple(f"{column_letter(c)}{r}" for r, c in twice.iter_rows())
    row, column = (
        cells.filter(wrong).row(0, named=True)["row"],
        cells.filter(wrong).row(0, named=True)["column"],
    )
    return repeated, f"{column_letter(column)}{row}"


def _typed(
    parts: pl.DataFrame, strings: pl.Series, styles: pl.Series, *, undo_excel: bool, uncalculated: bool
) -> pl.DataFrame:
    """Return cells that hold anything, with kind and text."""
    parts = parts.filter(
        (pl.col("value").is_not_null() & ((pl.col("value") != "") | pl.col("formula").is_not_null()))
        | pl.col("formula").is_not_null()
        | pl.col("inline").is_not_null()
    ).with_columns(pl.col("type").fill_null("n"))
    if unknown := set(parts["type"].unique()) - set(_TYPES):
        raise SheetDamage(_UNKNOWN_TYPE + sorted(unknown)[0])
    style = parts["style"].cast(pl.Int64).fill_null(0).clip(upper_bound=len(styles) - 1)
    of_type = pl.col("type")
    parts = parts.with_columns(_texts(parts, strings, undo_excel=undo_excel))
    number = (of_type == "n") & (pl.col("text") != "")
    empty = pl.col("text").is_null() | ((pl.col("text") == "") & (of_type != "str"))
    if uncalculated:
        empty |= pl.col("formula").is_not_null() & number & (pl.col("text") == "0")
    kind = (
        pl.when(empty).then(pl.lit("blank"))
        .when(number).then(styles.gather(style))
        .when(of_type == "b").then(pl.lit("flag"))
        .when(of_type == "e").then(pl.lit("error"))
        .when(of_type == "d").then(pl.lit("date"))
        .otherwise(pl.lit("text"))
    )  # fmt: skip
    cells = parts.with_columns(kind.cast(KINDS).alias("kind")).with_columns(
        pl.when(pl.col("kind") != "blank").then(pl.col("text")).alias("text"),
        _formula_texts(parts),
    )
    return cells.filter((pl.col("kind") != "blank") | pl.col("formula").is_not_null()).select(
        list(CELL_SCHEMA)
    )


def _texts(parts: pl.DataFrame, strings: pl.Series, *, undo_excel: bool) -> pl.Series:
    """Return the text of each cell, wherever the workbook keeps it."""
    of_type, value = parts["type"], parts["value"]
    shared = of_type == "s"
    text = value
    if shared.any():
        index = value.zip_with(shared, pl.Series([None], dtype=pl.String)).cast(pl.Int64, strict=False)
        if index.filter(shared).has_nulls() or (index >= len(strings)).any() or (index < 0).any():
            raise SheetDamage(_NO_SUCH_TEXT)
        text = strings.gather(index).zip_with(shared, text)
    inline = parts["inline"].is_not_null()
    if inline.any():
        text = inline_texts(parts["inline"], undo_excel=undo_excel).zip_with(inline, text)
    plain = of_type.is_in(["str", "e", "d"])
    if plain.any():
        known = {t: unescaped(t, undo_excel=undo_excel) for t in value.filter(plain).drop_nulls().unique()}
        text = value.replace(known).zip_with(plain, text)
    return text.alias("text")


def _formula_texts(parts: pl.DataFrame) -> pl.Series:
    """Return formulas as people see them, with ``=`` in front; a shared one's followers say so."""
    formulas = parts["formula"]
    if formulas.null_count() == len(formulas):
        return formulas
    filled = parts.filter(formulas.is_not_null()).select("formula", "row", "column")
    held = filled.unique("formula", keep="first")
    first: dict[str, str] = {}
    for f, row, column in held.iter_rows():
        own, shared = _FORMULA.search(f), _SHARED.search(f)
        if own and own[1] and shared:
            first[shared[1]] = f"{column_letter(column)}{row}: {unescaped(own[1], undo_excel=False)}"
    known = {}
    for f in held["formula"]:
        own, shared = _FORMULA.search(f), _SHARED.search(f)
        if own and own[1]:
            known[f] = "=" + unescaped(own[1], undo_excel=False)
        else:
            known[f] = f"=(as in {first[shared[1]]})" if shared and shared[1] in first else _UNKNOWN_SHARED
    return formulas.replace(known).alias("formula")


def _hidden_rows(body: bytes, cells: pl.DataFrame) -> tuple[int, ...]:
    if b"hidden=" not in body:
        return ()
    hidden = {int(r) for r in _HIDDEN_ROW.findall(body.decode())}
    return tuple(sorted(hidden & set(cells["row"].unique().to_list())))


def _hidden_columns(head: str, cells: pl.DataFrame) -> tuple[int, ...]:
    filled = cells["column"].unique().sort().to_list()
    hidden: set[int] = set()
    for attributes in _COLUMN.findall(head):
        named = dict(re.findall(r'(\w+)="([^"]*)"', attributes))
        if named.get("hidden") in ("1", "true"):
            hidden.update(c for c in filled if int(named.get("min", 0)) <= c <= int(named.get("max", 0)))
    return tuple(sorted(hidden))
