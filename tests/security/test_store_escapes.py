"""Ways out of an opened store: every one is tried, and none may work.

The list follows the settings that DuckDB's own page on securing it names, and more. An escape "works" when the statement
runs, or when a file outside the store was made or changed.
"""

from __future__ import annotations

import ast
import re
import shutil
import sys
import threading
from pathlib import Path

import duckdb
import pytest

import partnership.store
from partnership.errors import PartnershipError
from partnership.store import Limits, open_store

PACKAGE = Path(partnership.store.__file__).parent

ESCAPES = {
    "read a csv file": "SELECT * FROM read_csv('{dir}/secret.csv')",
    "read a path as a table": "SELECT * FROM '{dir}/secret.csv'",
    "read a text file": "SELECT content FROM read_text('{dir}/other.txt')",
    "read the password file": "SELECT * FROM read_blob('/etc/passwd')",
    "read json": "SELECT * FROM read_json('{dir}/other.txt')",
    "read parquet": "SELECT * FROM read_parquet('{dir}/other.txt')",
    "list a folder": "SELECT * FROM glob('{dir}/*')",
    "sniff a file": "SELECT * FROM sniff_csv('{dir}/secret.csv')",
    "copy a table out": "COPY c_agencies TO '{dir}/stolen.csv'",
    "copy onto the store itself": "COPY c_agencies TO '{store}' (FORMAT csv)",
    "copy a file in": "COPY c_agencies FROM '{dir}/secret.csv'",
    "export the database": "EXPORT DATABASE '{dir}/export'",
    "import a database": "IMPORT DATABASE '{dir}/export'",
    "attach another store": "ATTACH '{other}' AS o",
    "attach a new file": "ATTACH '{dir}/new.duckdb' AS n",
    "attach the store twice": "ATTACH '{store}' AS again",
    "install httpfs": "INSTALL httpfs",
    "load httpfs": "LOAD httpfs",
    "install from the community": "INSTALL h3 FROM community",
    "load a file as an extension": "LOAD '{dir}/other.txt'",
    "read over http": "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
    "read over https by name": "SELECT * FROM 'https://example.org/x.parquet'",
    "read a Python frame in scope": "SELECT * FROM leaked_frame",
    "open external access": "SET enable_external_access=true",
    "unlock the configuration": "SET lock_configuration=false",
    "reset the lock": "RESET lock_configuration",
    "raise the memory limit": "SET memory_limit='100GB'",
    "raise the memory limit by pragma": "PRAGMA memory_limit='100GB'",
    "raise the threads": "SET threads=64",
    "allow a folder": "SET allowed_directories=['/tmp']",
    "allow a path": "SET allowed_paths=['/etc/passwd']",
    "move the temporary folder": "SET temp_directory='{dir}/elsewhere'",
    "move the home folder": "SET home_directory='{dir}'",
    "move the secrets": "SET secret_directory='{dir}'",
    "turn Python variables on": "SET python_enable_replacements=true",
    "allow unsigned extensions": "SET allow_unsigned_extensions=true",
    "write a profile": "PRAGMA enable_profiling='json'; PRAGMA profiling_output='{dir}/profile.json'",
    "log queries to a file": "SET log_query_path='{dir}/queries.log'",
    "log to a folder": "CALL enable_logging(storage_path='{dir}/log')",
    "read the environment": "SELECT getenv('HOME')",
    "make a secret": "CREATE SECRET s (TYPE s3, KEY_ID 'x', SECRET 'y')",
    "serve the database": "CALL quack_serve()",
    "connect elsewhere": "CONNECT 'quack:127.0.0.1:9494'",
}

HARMLESS = {("read", "attach the store twice")}
"""A reader may read the same file under a second name: it sees nothing that it does not see already."""


class _Frame:
    """Stands for any frame that a caller may have in scope."""


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store without a change in it, to be copied."""
    path = tmp_path_factory.mktemp("template") / "empty.duckdb"
    open_store(path, mode="create").close()
    return path


@pytest.fixture
def place(tmp_path: Path, empty_store: Path) -> Path:
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    (tmp_path / "other.txt").write_text("top secret")
    duckdb.connect(str(tmp_path / "other.duckdb")).close()
    shutil.copy(empty_store, tmp_path / "plan.duckdb")
    return tmp_path


def listing(place: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in place.iterdir() if not p.name.startswith("plan.duckdb")}


@pytest.mark.parametrize("mode", ["write", "read"])
def test_every_escape_from_an_opened_store_is_blocked(
    place: Path, mode: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import pyarrow as pa

    leaked_frame = pa.table({"salary": [1, 2, 3]})
    assert leaked_frame.num_rows == 3
    before, worked = listing(place), []
    with open_store(place / "plan.duckdb", mode=mode) as store:
        cursor = store._engine.connection.cursor()
        for name, template in ESCAPES.items():
            statement = template.format(dir=place, store=place / "plan.duckdb", other=place / "other.duckdb")
            timer = threading.Timer(15, cursor.interrupt)
            timer.start()
            try:
                cursor.execute(statement).fetchall()
            except duckdb.Error:
                pass
            else:
                worked += [] if (mode, name) in HARMLESS else [name]
            timer.cancel()
        cursor.close()
        assert store.verify() == []
    with capsys.disabled():
        sys.stdout.write(f"\n{mode}: {len(ESCAPES)} escapes tried, {len(worked)} worked\n")
    assert worked == []
    assert listing(place) == before
    shutil.rmtree(place)


@pytest.mark.parametrize("name", sorted(ESCAPES))
def test_no_escape_works_as_a_question(place: Path, name: str) -> None:
    statement = ESCAPES[name].format(dir=place, store=place / "plan.duckdb", other=place / "other.duckdb")
    before = listing(place)
    with open_store(place / "plan.duckdb") as store:
        for sql in (statement, f"SELECT 1) AS a; {statement}; --", f"SELECT * FROM ({statement}) AS t"):
            with pytest.raises(PartnershipError):
                store.query_plain(sql, ())
    assert listing(place) == before


def test_runaway_statement_is_stopped_and_leaves_no_file_behind(place: Path) -> None:
    limits = Limits(memory="64MB", temporary="32MB", read_seconds=2)
    with open_store(place / "plan.duckdb", limits=limits) as store:
        with pytest.raises(PartnershipError):
            store.query_plain(
                "SELECT COUNT(*) AS n FROM (SELECT DISTINCT repeat(CAST(i AS VARCHAR), 100) AS s FROM range(20000000) t(i))",
                (),
            )
        assert store.changes().is_empty()
    assert not [p.name for p in place.iterdir() if p.name.endswith(".tmp")]


# ------------------------------------------------------------------------------------------ our own statements


def texts_of(path: Path) -> list[tuple[int, str, bool]]:
    """Every text in a module that is no docstring: its line, its words, and whether something is put into it."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    out = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            out.append((node.lineno, node.value, False))
        if isinstance(node, ast.JoinedStr):
            words = "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
            out.append((node.lineno, words, True))
    return out


_SQL = re.compile(
    r"\b(SELECT .* FROM|INSERT INTO|UPDATE .* SET|DELETE FROM|CREATE (TEMP )?TABLE|DROP TABLE)\b", re.S
)


def test_only_one_module_puts_names_into_statements() -> None:
    found = [
        f"{path.name}:{line}"
        for path in sorted(PACKAGE.glob("*.py"))
        if not path.name.endswith("_statements.py") and path.name != "_schema.py"
        for line, words, composed in texts_of(path)
        if composed and _SQL.search(words)
    ]
    assert found == []
    assert any(composed and _SQL.search(w) for _, w, composed in texts_of(PACKAGE / "_statements.py"))


def test_no_statement_of_the_package_changes_or_deletes_history_or_the_log() -> None:
    from partnership.store import _statements as statements

    composed = [
        getattr(statements, name)("readings")
        for name in (
            "pick_todo",
            "put_history",
            "drop_changed",
            "put_current",
            "remove_history",
            "drop_removed",
            "rows_asked",
        )
    ]
    plain = [words for path in PACKAGE.glob("*.py") for _, words, _ in texts_of(path)]
    more = re.compile(r'ALTER TABLE "\w+" ADD COLUMN')  # a new column leaves what was written as it is
    migrations = [more.sub("", p.read_text()) for p in (PACKAGE / "migrations").glob("*.sql")]
    harmful = re.compile(
        r"(UPDATE|DELETE\s+FROM|TRUNCATE|DROP\s+TABLE|ALTER\s+TABLE)\s+(TABLE\s+)?\"?(h_|change\b|\{history)",
        re.I,
    )
    assert [w for w in (*composed, *plain, *migrations) if harmful.search(w)] == []
    assert any("DELETE FROM" in w for w in composed), "the current table is written by these statements"
    assert harmful.search('DELETE FROM "h_readings"')
    assert harmful.search("UPDATE change SET reason = 'x'")


def test_no_statement_is_run_on_text_that_a_caller_gives_except_as_a_question() -> None:
    """``execute`` and ``sql`` get a literal, a statement of ``_statements``, a migration, or a checked question."""
    allowed = {
        "_reading.py": {"sql", "statement"},
        "_migrations.py": {"step.sql", "_OWN_TABLE"},
        "_copies.py": {"ddl"},
        "_open.py": {"sql"},
    }
    found = []
    for path in sorted(PACKAGE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr not in ("execute", "sql", "executemany") or not node.args:
                continue
            text = ast.unparse(node.args[0])
            fine = isinstance(node.args[0], ast.Constant) or text.startswith(("statements.", "quarters."))
            if not fine and text not in allowed.get(path.name, set()):
                found.append(f"{path.name}: {text}")
    assert found == ["_open.py: f\"ATTACH '{place}' AS made (STORAGE_VERSION '{STORAGE_VERSION}')\""]
