"""LibreOffice for the tests that work out what we write."""

import os
import shutil
import subprocess

import pytest

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory):
    """Work out workbooks anew with LibreOffice, all in one run; without it a skip, and in CI a failure."""
    program = shutil.which("soffice")
    if program is None:
        message = "LibreOffice is not installed: apt-get install libreoffice-calc"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    room = tmp_path_factory.mktemp("office")
    (room / "profile" / "user").mkdir(parents=True)
    (room / "profile" / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE)

    def convert(paths):
        run = subprocess.run(
            [program, f"-env:UserInstallation={(room / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx", "--outdir", str(room / "out"), *map(str, paths)],
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        made = [room / "out" / p.name for p in paths]
        assert all(m.exists() for m in made), run.stderr
        return made

    return convert
