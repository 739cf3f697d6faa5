"""Printing a page by a Chromium that is on the machine: no network, a profile of its own, a limit of time."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from partnership import wording
from partnership.errors import InvalidInput

__all__ = ["BROWSERS", "browser", "pdf_of", "with_day"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge", "chrome")
"""Names under which a Chromium is looked for, in this order."""

_SECONDS = 120
_FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--proxy-server=127.0.0.1:9",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--hide-scrollbars",
    "--window-size=1288,900",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
    "--no-pdf-header-footer",
    "--virtual-time-budget=20000",
)
_DATES = re.compile(rb"/(CreationDate|ModDate) \(D:[0-9]{14}[^)]*\)")


def browser() -> str:
    """Return the Chromium of this machine.

    Raises
    ------
    InvalidInput
        If there is none, with how to get one.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        msg = (
            "A PDF is printed by Chromium, and there is none on this machine. Install it (on Debian or Ubuntu: "
            "sudo apt-get install chromium), or write the pack as a page that any browser prints: --out pack.html."
        )
        raise InvalidInput(msg)
    return found


def pdf_of(page: str, day: dt.date, *, seconds: float = _SECONDS) -> bytes:
    """Return a page as a tagged PDF with its outline.

    Parameters
    ----------
    page : str
        The HTML; it must need nothing else.
    day : date
        The day that stands in the file as the one it was made on: the same pack, the same dates.
    seconds : float
        After how long Chromium is stopped.

    Raises
    ------
    InvalidInput
        If there is no Chromium, or it prints nothing in that time.
    """
    found = browser()
    with tempfile.TemporaryDirectory(prefix="pack-", ignore_cleanup_errors=True) as folder:
        source, out = Path(folder, "pack.html"), Path(folder, "pack.pdf")
        source.write_text(page, encoding="utf-8")
        command = [
            found, *_FLAGS, *(["--no-sandbox"] if _is_root() else []), f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={out}", source.as_uri(),
        ]  # fmt: skip
        _run(command, seconds)
        if not out.is_file() or not out.stat().st_size:
            msg = "Chromium printed nothing. Try again, or write the pack as a page: --out pack.html."
            raise InvalidInput(msg)
        return with_day(out.read_bytes(), day)


def _stop(started: subprocess.Popen[bytes]) -> None:
    """Stop a browser with all that it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
    started.kill()
    started.wait()


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _run(command: list[str], seconds: float) -> None:
    quiet = subprocess.DEVNULL
    started = subprocess.Popen(  # noqa: S603 - the machine's own browser, on a file of ours, without a shell
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        started.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        _stop(started)
        msg = (
            f"Chromium did not print the pack within {wording.count_of(round(seconds), 'second')} and was stopped. Try again when the "
            "machine is less busy, or write the pack as a page: --out pack.html."
        )
        raise InvalidInput(msg) from None


def with_day(pdf: bytes, day: dt.date) -> bytes:
    """Return a PDF whose own dates are midnight of a day; not a byte of it moves.

    Examples
    --------
    >>> with_day(b"/CreationDate (D:20261123074501+00'00')", dt.date(2026, 9, 3))
    b"/CreationDate (D:20260903000000+00'00')"
    """
    stamp = f"D:{day:%Y%m%d}000000".encode()

    def put(found: re.Match[bytes]) -> bytes:
        old = found[0]
        at = old.index(b"D:")
        return old[:at] + stamp + old[at + len(stamp) :]

    return _DATES.sub(put, pdf)
