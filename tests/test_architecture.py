import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = ("dash", "polars", "pandas", "plotly", "duckdb", "openpyxl", "xlsxwriter", "networkx", "scipy")


def tracked(*patterns):
    out = subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / line for line in out.splitlines()]


def test_imports_point_down_and_contracts_hold():
    from importlinter.cli import lint_imports

    # without its cache, which `make style` may be writing at the same time
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("statement", ["import partnership", "import partnership.cli"])
def test_importing_the_face_loads_no_heavy_library(statement):
    code = f"{statement}; import sys, json; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(out) == []


def test_every_public_name_of_the_face_is_there():
    import partnership

    assert [n for n in partnership.__all__ if not hasattr(partnership, n)] == []


@pytest.mark.parametrize(
    "path",
    list(tracked("partnership/**/*.py", "dashboards/**/*.py", "partnership/*.py", "dashboards/*.py")),
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_file_is_at_most_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_locks_have_hashes_and_name_no_registry():
    for path in tracked("requirements/*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|index-url|find-links", text), path


def test_nothing_committed_carries_a_machine_path_or_points_outside():
    outside = re.compile(r"\.\./shared|/work/|/root/|/home/[a-z]")
    texts = [
        p
        for p in tracked()
        if p.suffix in {".py", ".md", ".sql", ".toml", ".css", ".js", ".ipynb", ".json", ".txt", ""}
        and p.is_file()
    ]
    found = [
        str(p.relative_to(ROOT))
        for p in texts
        if p != Path(__file__) and outside.search(p.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


def test_sql_stands_only_where_it_belongs():
    allowed = (ROOT / "partnership" / "store", ROOT / "partnership" / "sql")
    sql = re.compile(
        r"\b(SELECT\s+.+\s+FROM|INSERT\s+INTO|CREATE\s+TABLE|DELETE\s+FROM|UPDATE\s+\w+\s+SET)\b"
    )
    found = [
        p
        for p in tracked("partnership/**/*.py", "partnership/*.py", "dashboards/**/*.py")
        if not any(a in p.parents for a in allowed) and sql.search(p.read_text(encoding="utf-8"))
    ]
    assert found == []
