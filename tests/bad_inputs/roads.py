"""The roads that a file can take, and what must hold on each of them."""

import base64
import datetime as dt
import fnmatch
import functools
import hashlib
import re
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
from typer.testing import CliRunner

from partnership import workflows
from partnership._workflows import checking
from partnership.cli import app
from partnership.periods import local_day
from partnership.store import Actor, open_store
from partnership.store._engine import is_open
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


LOG = ("actor", "change")


@contextmanager
def cursor_of(path):
    """A cursor into a store's file, whether this process has it open already or not."""
    if is_open(path):
        with open_store(path, mode="read") as store:
            yield store._engine.connection.cursor()
    else:
        with duckdb.connect(str(path), read_only=True) as connection:
            yield connection


@functools.cache
def _hashes():
    """One question for the count and the hash of every table of a store but the log's."""
    tables = [
        "formula",
        "copied",
        "schema_migration",
        *(f"{p}_{t.table}" for t in RECORD_TYPES for p in "ch"),
    ]
    parts = (
        f"SELECT '{t}', COUNT(*), BIT_XOR(HASH(CAST(t AS VARCHAR))), SUM(HASH(CAST(t AS VARCHAR)) % 1e9) FROM \"{t}\" AS t"
        for t in tables
    )
    return " UNION ALL ".join(parts)


def fingerprint(path):
    """Hash of all tables of a store, and the text of its log: what a refusal must leave as it was, and the log."""
    with cursor_of(path) as cursor:
        kept = sorted(cursor.execute(_hashes()).fetchall())
        log = [cursor.execute(f'FROM "{n}" ORDER BY ALL').fetchall() for n in LOG]
    return hashlib.sha256(repr(kept).encode()).hexdigest(), repr(log)


def sizes(path):
    """Rows of every table of a store but the log's: the quick sign that something was written."""
    with cursor_of(path) as cursor:
        rows = cursor.execute(
            "SELECT table_name, estimated_size FROM duckdb_tables() WHERE NOT internal ORDER BY 1"
        ).fetchall()
    return [row for row in rows if row[0] not in LOG]


def everything(path):
    """Every cell of a store as text."""
    with cursor_of(path) as cursor:
        names = [n for (n,) in cursor.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
        return repr([cursor.execute(f'FROM "{n}"').fetchall() for n in names])


class Remembered:
    """The answer of checking a file, worked out once for all the roads that take it to the same state of a store.

    Every road calls it through its own code; only the same bytes against the same plan are not read again.
    """

    def __init__(self):
        self._results, self._stored = {}, {}
        self.asked = self.worked_out = 0

    @staticmethod
    def state(store):
        """What a store holds: copies of one store are of one state until something is accepted."""
        if store is None:
            return None
        with store._moment_in_time() as cursor:
            hashes = cursor.execute(
                "SELECT entry_hash FROM change WHERE what <> 'refusal' ORDER BY seq"
            ).fetchall()
        return tuple(hashes)

    def check(self, data, name, kind="workbook", store=None, *, today=None, year=None, progress=None):
        day = today or local_day(dt.datetime.now(dt.UTC))
        key = (hashlib.sha256(data).hexdigest(), name, kind, self.state(store), day, year)
        self.asked += 1
        if key not in self._results:
            self.worked_out += 1
            self._results = {key: CHECK(data, name, kind, store, today=today, year=year, progress=progress)}
        return replace(self._results[key], store_seq=store.last_seq if store else None)

    def stored(self, store, frames):
        key = (self.state(store), frozenset(frames))
        if key not in self._stored:
            self._stored[key] = STORED(store, frames)
        return self._stored[key]


CHECK, STORED = workflows.check_file, checking.stored


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
        text = everything(path)
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
