"""Install what the browser and office tests need, where this machine allows it; else say in one sentence how.

With CI=true a tool that is missing afterwards is a failure; elsewhere the tests that need it are skipped and counted.
"""

import os
import shutil
import subprocess
import sys

TOOLS = {
    "chromium": (
        ("chromium", "chromium-browser", "google-chrome"),
        "chromium fonts-liberation poppler-utils",
    ),
    "LibreOffice": (("soffice", "libreoffice"), "libreoffice-calc-nogui"),
}


def missing() -> dict[str, str]:
    return {
        name: packages for name, (commands, packages) in TOOLS.items() if not any(map(shutil.which, commands))
    }


def install(packages: str) -> None:
    admin = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    }
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", *packages.split()],
    ):
        subprocess.run([*admin, *command], check=False, **quiet)


def main() -> int:
    wanted = missing()
    if wanted and shutil.which("apt-get") and (os.geteuid() == 0 or shutil.which("sudo")):
        print(f"Installing {', '.join(wanted)} for the tests (once)", flush=True)
        install(" ".join(wanted.values()))
        wanted = missing()
    for name, packages in wanted.items():
        print(
            f"{name} is missing, so its tests are skipped. Install it with: sudo apt-get install {packages}"
        )
    return 1 if wanted and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
