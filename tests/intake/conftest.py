"""LibreOffice for the tests that open what we write."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@pytest.fixture
def libreoffice(tmp_path):
    """Convert a file with LibreOffice, every formula worked out anew; without it a skip, and in CI a failure."""
    program = shutil.which("soffice")
    if program is None:
        message = "LibreOffice is not installed: apt-get install libreoffice-calc"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    profile = tmp_path / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE)

    def convert(path: Path, to: str) -> Path:
        out = tmp_path / "converted"
        run = subprocess.run(
            [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", to, "--outdir", str(out), str(path)],
            capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        made = out / f"{path.stem}.{to}"
        assert made.exists(), run.stderr
        assert "Error" not in run.stderr, run.stderr
        return made

    return convert
