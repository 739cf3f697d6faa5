"""The command line: the same use cases as the pages, for people who work in a terminal or a script.

Every command takes ``--store FILE`` and ``--json``, and ends 0 when all is well (warnings too), 1 with any
finding that rejects or any failed check, 2 on wrong usage.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partnership._cli import (
    appraisal,
    blueprint,
    goals,
    memory,
    pack,
    phasing,
    prioritising,
    realise,
    rolling,
    settlement,
    verifying,
)
from partnership._cli.opening import reader, store_if_there, writer
from partnership._cli.options import STORE, ActorOption, AsOfOption, JsonOption, StoreOption
from partnership._cli.printing import (
    checked,
    clean,
    partial_words,
    print_check,
    several,
    summaries,
)  # fmt: skip
from partnership._cli.words import (
    Ended,
    day,
    notice,
    print_json,
    readable,
    say,
    words,
)
from partnership._cli.words import (
    actor as actor_named,
)
from partnership._cli.words import (
    error as say_error,
)
from partnership.errors import InvalidInput

if TYPE_CHECKING:
    from partnership.store import Actor, Store

__all__ = ["app", "main"]

app = typer.Typer(
    name="partnership",
    help="Plan and account together: one plan of many agencies, from its workbook to its board page.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
KindOption = Annotated[
    str, typer.Option("--as", help="What the file is: workbook, gmpp, unit-costs or clocks.")
]


def _version(asked: bool) -> None:
    if asked:
        from partnership import __version__

        typer.echo(f"partnership {__version__}, Python {sys.version.split()[0]}")
        raise typer.Exit


@app.callback()
def which(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Plan and account together: one plan of many agencies, from its workbook to its board page."""
    del version


def main() -> None:
    """Run the command line."""
    app()


@app.command()
def template(
    path: Annotated[Path, typer.Argument(help="Where to write it.")],
    criteria: Annotated[
        bool, typer.Option("--criteria", help="With eight criteria and their anchors to begin with.")
    ] = False,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Write an empty workbook to fill in."""
    del store
    with words(as_json):
        from partnership.workflows import template_workbook

        path.write_bytes(template_workbook(criteria=criteria))
        say(as_json, {"written": str(path)}, f"Written: {path}. The first sheet says how to fill it.")


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="The file to check.")],
    kind: KindOption = "workbook",
    year: Annotated[int | None, typer.Option(help="Year of a return that does not say its own.")] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Check a file and print everything found, in one pass. Nothing is stored."""
    with words(as_json), store_if_there(store, as_json) as opened:
        result = checked(path, kind, opened, year, as_json)
        print_check(result, as_json, preview=opened is not None)
        raise Ended(0 if clean(result) else 1)


@app.command()
def load(
    paths: Annotated[list[Path], typer.Argument(help="The file, or several of one kind.")],
    kind: KindOption = "workbook",
    year: Annotated[int | None, typer.Option(help="Year of a return that does not say its own.")] = None,
    actor: ActorOption = None,
    reason: Annotated[str | None, typer.Option(help="Why; kept with the change.")] = None,
    remove_gone: Annotated[
        bool,
        typer.Option(
            "--remove-gone", help="Also remove rows that were taken out of the workbook; their history stays."
        ),
    ] = False,
    yes: YesOption = False,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Show what a file would change, ask, and store all of it or nothing."""
    with words(as_json):
        readable(paths)
        with writer(store, create=True) as opened:
            reports = [
                _load_one(
                    opened,
                    p,
                    kind,
                    year,
                    actor_named(actor),
                    reason,
                    yes=yes,
                    remove_gone=remove_gone,
                    as_json=as_json,
                )
                for p in paths
            ]
        if as_json:
            print_json(reports[0] if len(reports) == 1 else several(reports))
        raise Ended(0 if all(r["stored"] or r["declined"] for r in reports) else 1)


def _load_one(
    opened: Store,
    path: Path,
    kind: str,
    year: int | None,
    actor: Actor,
    reason: str | None,
    *,
    yes: bool,
    remove_gone: bool,
    as_json: bool,
) -> dict[str, Any]:
    from partnership.store import Refused, StaleWrite
    from partnership.workflows import accept_file

    result = checked(path, kind, opened, year, as_json)
    report = result.as_json() | {"stored": False, "declined": False, "seq": None}
    if not as_json:
        print_check(result, as_json, preview=True)
    changes = (
        result.preview.total.changes + (result.preview.total.gone if remove_gone else 0)
        if result.preview
        else 0
    )
    if result.acceptable and not changes:
        say(as_json, None, "Nothing to change: what is stored is the same.")
        return report | {"stored": True, "seq": opened.last_seq}
    if result.acceptable and not (yes or as_json) and not typer.confirm(f"Store {changes:,} changed rows?"):
        say(as_json, None, "Nothing was stored.")
        return report | {"declined": True}
    if result.acceptable and as_json and not yes:
        return report | {"declined": True, "note": "Nothing was stored: give --yes to store with --json."}
    try:
        why = reason or f"Loaded {result.name}"
        receipt = accept_file(opened, result, actor, why, remove_gone=remove_gone)
    except (InvalidInput, Refused, StaleWrite) as error:
        if not as_json:
            say_error(str(error))
        return report | {"error": str(error)}
    say(as_json, None, f"Stored as change {receipt.seq}. {partial_words(result)}".strip())
    return report | {"stored": True, "seq": receipt.seq} | summaries(result)


@app.command()
def export(
    path: Annotated[Path, typer.Argument(help="Where to write the workbook.")],
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Write the stored plan as our workbook; loading it back changes nothing."""
    with words(as_json), reader(store, as_json) as opened:
        from partnership.workflows import export_workbook

        path.write_bytes(export_workbook(opened, as_of=day(as_of)))
        say(as_json, {"written": str(path), "notice": notice()}, f"Written: {path}. {notice()}")


@app.command(name="view")
def show_view(
    name: Annotated[str, typer.Argument(help="Name of the view; `partnership views` lists them.")],
    as_of: AsOfOption = None,
    agency: Annotated[str | None, typer.Option(help="Only this agency.")] = None,
    goal: Annotated[str | None, typer.Option(help="Only this goal.")] = None,
    benefit_class: Annotated[str | None, typer.Option("--class", help="Only this class of benefit.")] = None,
    form: Annotated[str, typer.Option("--format", help="table, csv, json, parquet or xlsx.")] = "table",
    out: Annotated[Path | None, typer.Option(help="Write to this file.")] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Print one view: the numbers a page shows, with their unit and source."""
    with words(as_json), reader(store, as_json) as opened:
        from partnership.tabular import render_view

        known_on = day(as_of)
        if form in {"xlsx", "parquet"} and out is None and not as_json:
            message = f"{form} cannot be printed. Say where it goes: --out {name}.{form}."
            raise typer.BadParameter(message, param_hint="--out")
        text = render_view(
            opened,
            name,
            form="json" if as_json else form,
            out=out,
            as_of=known_on,
            agency_id=agency,
            goal_id=goal,
            benefit_class=benefit_class,
        )
        if text is not None:
            sys.stdout.write(text if text.endswith("\n") else text + "\n")


@app.command()
def views(store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """List the views and the question each answers."""
    del store
    with words(as_json):
        from partnership.views import VIEWS

        listed = [
            {"name": v.name, "title": v.title, "question": v.question, "source": v.source}
            for v in VIEWS.values()
        ]
        say(as_json, {"views": listed}, "\n".join(f"{v['name']:<24} {v['question']}" for v in listed))


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port on this machine; the next free one is taken.")] = 8050,
    as_of: AsOfOption = None,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open a browser where there is a display.")
    ] = False,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Serve the pages on this machine only."""
    with words(as_json), writer(store, create=False) as opened:
        from dashboards.app import serve as run

        run(
            opened,
            port=port,
            as_of=day(as_of),
            open_browser=open_browser,
            announce=lambda url: say(as_json, {"url": url}, _served(url)),
        )


def _served(url: str) -> str:
    return f"Serving on {url}\nNo login yet, so it answers on this computer only. Stop with Ctrl+C."


@app.command()
def backup(
    path: Annotated[Path, typer.Argument(help="Where to write the copy.")],
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Copy the store to another file, verified, with a manifest beside it."""
    with words(as_json), reader(store, as_json) as opened:
        manifest = opened.backup(path)
        say(
            as_json,
            {"written": str(path), "manifest": manifest},
            f"Backed up to {path}, verified. Keep its manifest beside it.",
        )


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(help="The backup to restore from.")],
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Put it in the place of a store that is there; the old one is kept aside."
        ),
    ] = False,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Restore a store from a backup, after checking the backup against its manifest."""
    with words(as_json):
        from partnership.store import restore_store

        report = restore_store(path, store, force=force)
        say(
            as_json,
            {"restored": str(store), "report": report},
            f"Restored to {store}: rows and last change agree with the manifest.",
        )


@app.command()
def verify(
    cases: Annotated[
        Path | None, typer.Option(help="Run the cases of this file instead of the shipped ones.")
    ] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Run published worked examples through the library: pass, fail or not covered."""
    del store
    with words(as_json):
        from partnership.verify import cases_of, run

        report = run(cases_of(cases) if cases else None)
        if as_json:
            print_json(report.as_json())
        else:
            for case in report.cases:
                why = f"  {case.why}" if case.outcome == "fail" else ""
                sys.stdout.write(f"{case.outcome:<12} {case.category:<22} {case.id}{why}\n")
            sys.stdout.write(
                f"{report.count('pass')} passed, {report.count('fail')} failed, "
                f"{report.count('not covered')} not covered\n"
            )
        raise Ended(1 if report.count("fail") else 0)


appraisal.register(app)
blueprint.register(app)
goals.register(app)
memory.register(app)
pack.register(app)
phasing.register(app)
prioritising.register(app)
realise.register(app)
rolling.register(app)
settlement.register(app)
verifying.register(app)


if __name__ == "__main__":
    main()
