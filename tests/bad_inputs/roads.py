"""The roads that a file can take, and what must hold on each of them."""

import base64
import datetime as dt
import fnmatch
import hashlib
import re
from pathlib import Path

import duckdb
from typer.testing import CliRunner

from partnership.cli import app
from partnership.store import Actor
from partnership.tables import RECORD_TYPES, record_from_row

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2027, 11, 9)
FINANCE = Actor("Finance officer", "declared")
INSIDE = re.compile(
    r"Traceback|File \"|/(?:work|root|home|tmp)/|site-packages|(?i:pydantic|polars|duckdb|openpyxl)|Errno"
    r"|SELECT |INSERT |UPDATE |Decimal\(|Fraction\(|datetime\."
)


def run(*words):
    """Run the command line; whatever it is given, it ends with a status and not with an exception."""
    result = CliRunner().invoke(app, [str(w) for w in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def everything(connection):
    """Every table of a store as text, the log of changes apart: what a refusal must leave as it was, and the log."""
    names = [
        n
        for (n,) in connection.execute(
            "SELECT table_name FROM information_schema.tables ORDER BY 1"
        ).fetchall()
    ]
    log = {"actor", "change"}
    rows = {n: connection.execute(f'FROM "{n}" ORDER BY ALL').fetchall() for n in names}
    return repr({n: r for n, r in rows.items() if n not in log}), repr([rows[n] for n in sorted(log)])


def fingerprint(path):
    """Hash of all tables of a closed store, and the text of its log."""
    with duckdb.connect(str(path), read_only=True) as connection:
        kept, log = everything(connection)
    return hashlib.sha256(kept.encode()).hexdigest(), log


def verdict(case, findings):
    """Assert that exactly the right findings are there, each at its place and in words."""
    rejecting = [f for f in findings if f["severity"] != "warning"]
    for said in case.said:
        fits = [
            f for f in findings
            if f["severity"] == said.severity and fnmatch.fnmatchcase(f["place"], said.place)
            and all(word in f"{f['found']} {f['do']}" for word in said.words)
            and (said.value is None or said.value in f["found"])
        ]  # fmt: skip
        assert fits, (said, [f for f in findings if f["code"][0] in "ABCDEFH"])
    places = [s.place for s in case.said if s.severity != "warning"]
    for finding in rejecting:
        assert any(fnmatch.fnmatchcase(finding["place"], p) for p in places), finding
    for finding in findings:
        sentence = f"{finding['place']}: {finding['found']} {finding['do']}"
        assert sentence.isprintable(), sentence
        assert finding["found"]
        assert finding["do"]
        assert all(len(value) <= 60 for value in re.findall(r"'([^']*)'", finding["found"])), finding
        assert not any(finding["code"].startswith(code) for code in case.silent), finding


def nothing_leaks(case, *shown):
    for text in shown:
        assert not INSIDE.search(text), INSIDE.search(text)
        for secret in case.secrets:
            assert secret not in text


def logged(caplog):
    return "\n".join(f"{r.getMessage()} {r.exc_text or ''}" for r in caplog.records)


def nothing_stored(case, path):
    if case.secrets:
        with duckdb.connect(str(path), read_only=True) as connection:
            text = "".join(everything(connection))
        assert not [s for s in case.secrets if s in text]


def stored_value(store, table, key, name):
    rows = store.table(table, raw=True)
    (row,) = rows.filter(rows["row_key"] == key).iter_rows(named=True)
    value = getattr(record_from_row(table, row), name)
    return "; ".join(value) if isinstance(value, tuple) else value


def contents(data):
    return "data:application/octet-stream;base64," + base64.b64encode(data).decode()


def held_tables(store):
    return {t.table: store.table(t.table, raw=True).rows() for t in RECORD_TYPES}


def texts(panel):
    """Return every text of a panel, as the browser would show it."""
    if isinstance(panel, str):
        return panel + "\n"
    if isinstance(panel, (list, tuple)):
        return "".join(texts(p) for p in panel)
    return texts(panel.children) if getattr(panel, "children", None) is not None else ""
