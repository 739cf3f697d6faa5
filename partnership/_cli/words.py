"""How a command speaks: words or JSON, and an exit status instead of a traceback."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from partnership.errors import PartnershipError, UnknownName

if TYPE_CHECKING:
    from partnership.store import Actor
    from partnership.workflows import FileKind


class Ended(Exception):  # noqa: N818 - not an error: how a command says its exit status
    """Raised by a command that is done, with its exit status."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


@contextmanager
def words(as_json: bool) -> Iterator[None]:  # noqa: FBT001
    """Turn what the toolkit refuses into words and an exit status, never a traceback."""
    try:
        yield
    except Ended as ended:
        raise typer.Exit(ended.status) from None
    except UnknownName as error:
        fail(str(error), 2, as_json)
    except PartnershipError as error:
        fail(str(error), 1, as_json)
    except OSError as error:
        fail(
            f"{error.filename or 'A file'} cannot be used: {error.strerror or error}. "
            "Check the path and who may read it.",
            2,
            as_json,
        )


def fail(message: str, status: int, as_json: bool) -> NoReturn:  # noqa: FBT001
    if as_json:
        print_json({"error": message})
    else:
        error(message)
    raise typer.Exit(status) from None


def error(message: str) -> None:
    sys.stderr.write(message + "\n")


def say(as_json: bool, data: dict[str, Any] | None, text: str) -> None:  # noqa: FBT001
    if as_json:
        if data is not None:
            print_json(data)
    elif text:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def print_json(data: Any) -> None:
    sys.stdout.write(json.dumps(data, indent=1, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def notice() -> str:
    from partnership.disclosure import NOTICE

    return NOTICE


def day(moment: dt.datetime | None) -> dt.date | None:
    """Return the day that an option gave."""
    return moment.date() if moment else None


def actor(name: str | None) -> Actor:
    import getpass

    from partnership.store import Actor

    return Actor(name or getpass.getuser(), "declared")


def readable(paths: list[Path]) -> None:
    for path in paths:
        if not path.is_file():
            message = f"There is no file {path}."
            raise typer.BadParameter(message)


def kind(kind: str) -> FileKind:
    from partnership.workflows import KINDS

    for known in KINDS:
        if kind == known:
            return known
    message = f"{kind!r} is not a kind of file. Choose {', '.join(KINDS)}."
    raise typer.BadParameter(message, param_hint="--as")
