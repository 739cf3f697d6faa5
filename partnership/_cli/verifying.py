"""The command that checks a store against itself, and against the seal on a printed pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from partnership._cli.opening import reader
from partnership._cli.options import STORE, JsonOption, StoreOption
from partnership._cli.printing import plain, print_findings
from partnership._cli.words import Ended, print_json, say, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from partnership._workflows.paper_seal import Seal
    from partnership.errors import Finding

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Put the command of this room under the command line."""
    app.command(name="verify-store")(verify_store)


def verify_store(
    seal: Annotated[
        str | None, typer.Option(help="The seal at the end of a printed pack, as in 12:3f9a0c1b77d04e51.")
    ] = None,
    mend: Annotated[
        bool,
        typer.Option("--mend", help="First work the sums of readings out again, where only they are wrong."),
    ] = False,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Check the store against itself (history, current state, chain of changes), then cross the records."""
    if mend:
        with words(as_json):
            from partnership.store import mend_store

            mend_store(store)
    with words(as_json), reader(store, as_json) as opened:
        from partnership._workflows.paper_seal import check_seal, read_seal, seal_of
        from partnership.errors import InvalidInput, has_errors
        from partnership.workflows import check_plan

        try:
            typed = read_seal(seal) if seal is not None else None
        except InvalidInput as fault:
            raise typer.BadParameter(str(fault), param_hint="--seal") from None
        broken = [*opened.verify(), *(check_seal(opened, typed) if typed else [])]
        faults = check_plan(opened)
        good = not has_errors([*broken, *faults])
        last = seal_of(opened)
        if as_json:
            print_json(
                {
                    "ok": good,
                    "store": [plain(f) for f in broken],
                    "plan": [plain(f) for f in faults],
                    "seal": str(last) if last else None,
                }
            )
        else:
            print_findings([*broken, *faults])
            say(
                as_json,
                None,
                _verified(broken, last, typed),
            )
        raise Ended(0 if good else 1)


def _verified(broken: Sequence[Finding], last: Seal | None, typed: Seal | None) -> str:
    """Return what a checked store is: whole or damaged, and the one that a paper was made of or another."""
    own = [f for f in broken if f.rejects and f.code != "store-other-than-paper"]
    if own and all(f.code == "store-sums-differ" for f in own):
        return "The readings are sound, and their sums are not: partnership verify-store --mend."
    if own:
        return "The store is damaged: restore the last backup."
    if len(own) != len([f for f in broken if f.rejects]):
        return "The store agrees with itself, and not with the paper."
    held = f" It still holds change {typed.seq} as the paper has it." if typed else ""
    return f"The store agrees with itself.{held}{f' Seal: {last}.' if last else ''}"
