import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from partnership.cli import app

ROOT = Path(__file__).parent.parent
COMMANDS = get_command(app).commands
CAPABILITIES = (ROOT / "docs" / "capabilities.md").read_text(encoding="utf-8")


def code_blocks(path):
    return re.findall(r"```(?:bash|sh|console)?\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_command_has_help_and_is_documented(name):
    assert COMMANDS[name].help
    docs = "".join(p.read_text(encoding="utf-8") for p in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
    assert f"partnership {name}" in docs


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_command_takes_store_and_json(name):
    options = {o for p in COMMANDS[name].params for o in p.opts}
    assert {"--store", "--json"} <= options


def test_readme_names_only_commands_and_targets_that_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for block in code_blocks(ROOT / "README.md"):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["make"] and len(words) > 1:
                assert re.search(rf"^{words[1]}:", makefile, flags=re.MULTILINE), line
            if words[:1] == ["partnership"]:
                assert words[1] in COMMANDS, line


@pytest.mark.parametrize(
    "proof",
    sorted(set(re.findall(r"`((?:tests|docs|notebooks|benchmarks|partnership)/[^`]+)`", CAPABILITIES))),
)
def test_capability_is_shown_by_something_that_exists(proof):
    path, _, test = proof.partition("::")
    target = ROOT / path
    assert target.exists(), proof
    if test:
        assert f"def {test}(" in target.read_text(encoding="utf-8"), proof


def test_every_capability_names_a_proof():
    rows = [
        line
        for line in CAPABILITIES.splitlines()
        if line.startswith("|") and not re.match(r"\|[\s:-]*\||\|\s*capability", line)
    ]
    assert rows
    assert [row for row in rows if "`" not in row] == []


def test_links_between_docs_lead_somewhere():
    for page in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if not target.startswith(("http", "mailto")):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_readme_names_every_method_page():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = {f"docs/methods/{p.name}" for p in ROOT.glob("docs/methods/*.md")}
    assert pages
    assert {p for p in pages if f"]({p})" not in readme} == set()
