"""Commands of scoring and prioritisation: prioritise, agree, round, scoring-sheet, scores."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partnership._cli.opening import reader, writer
from partnership._cli.options import STORE, ActorOption, AsOfOption, JsonOption, ReasonOption, StoreOption
from partnership._cli.words import actor as actor_named
from partnership._cli.words import day, print_json, readable, say, words
from partnership.wording import listing

if TYPE_CHECKING:
    from partnership._workflows.prioritised_values import Prioritised, PrioritisedItem

__all__ = ["register"]

RoundOption = Annotated[
    str | None, typer.Option("--round", help="Round of scoring; the latest revealed when left out.")
]


def register(app: typer.Typer) -> None:
    """Put the commands of this room under the command line."""
    app.command()(prioritise)
    app.command()(agree)
    app.command(name="round")(round_)
    app.command(name="scoring-sheet")(scoring_sheet)
    app.command()(scores)


def prioritise(
    round_id: RoundOption = None,
    weights: Annotated[
        list[str] | None,
        typer.Option(help="What if: impact=60, effort=40, or a criterion id; may be given several times."),
    ] = None,
    agency_weights: Annotated[
        list[str] | None,
        typer.Option("--agency-weight", help="Weight of an agency, COU=2; equal when left out."),
    ] = None,
    draws: Annotated[int, typer.Option(help="Draws of weights and scorers.")] = 20_000,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Rank the work items by impact and effort, with how sure each place is and what would change it."""
    with words(as_json), reader(store, as_json) as opened:
        from partnership._workflows.prioritising import prioritise as run

        known_on = day(as_of)
        codes = {a.code: a.id for a in opened.plan(as_of=known_on)["agencies"]}
        asked = {codes.get(k, k): w for k, w in _weights(agency_weights, "--agency-weight").items()}
        done = run(
            opened, round_id, as_of=known_on, weights=_weights(weights, "--weights"), agency_weights=asked, draws=draws
        )  # fmt: skip
        if as_json:
            print_json(_plain(done))
        else:
            _print(done)


def _weights(given: Sequence[str] | None, option: str) -> dict[str, float]:
    """Read weights such as impact=60; several may stand in one option, parted by commas."""
    out: dict[str, float] = {}
    for part in (p.strip() for text in given or () for p in text.split(",") if p.strip()):
        name, _, value = part.rpartition("=")
        try:
            weight = float(value)
        except ValueError:
            weight = math.nan
        if not name or not math.isfinite(weight) or weight < 0:
            message = f"{part!r} is no weight. Write a name and a number, such as impact=60."
            raise typer.BadParameter(message, param_hint=option)
        out[name.strip()] = weight
    return out


def _plain(value: Any) -> Any:
    """Return results as plain data; a number that is not there is null."""
    if is_dataclass(value) and not isinstance(value, type):
        value = {k: getattr(value, k) for k in _names(value)}
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [_plain(v) for v in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def _names(value: Any) -> list[str]:
    """Return the names of a result's fields, and of the sentences it makes of them."""
    said = [n for n in ("sentence", "words", "weights_words", "close_call", "moves") if hasattr(value, n)]
    return [*value.__dataclass_fields__, *said]


def _print(done: Prioritised) -> None:
    write = sys.stdout.write
    write(done.headline + "\n")
    for state in done.rounds:
        write(f"  {state.words}\n")
    if not done.ranked:
        return
    write(
        f"\n{'place':<8}{'score':>6}{'impact':>8}{'effort':>8}  {'':<40}{'quadrant':<20}{'agreement':<26}changes places with\n"
    )
    for item in done.ranked:
        write(_line(item))
    for item in done.items:
        if item.rank is None:
            write(f"{'-':<8}{'':>22}  {item.title[:39]:<40}{item.disagreement.because}\n")
    if any(i.dominated_quick_win for i in done.ranked):
        write("* a quick win that another item beats on impact and on effort\n")
    never = [i.item_id for i in done.ranked if i.first_for_some_weights is False]
    if never:
        write(
            f"\nNever first for any weights: {len(never)} of {len(done.ranked)} items: {listing(never, most=20)}.\n"
        )
    for low, high in done.close_calls:
        write(f"Places {low} to {high} are a close call.\n")
    write(f"{done.weights_words}\n")
    if done.orders:
        write(f"{done.orders.sentence} Kemeny: {done.orders.kemeny.sentence}\n")
    write(f"{done.draws:,} draws of weights and scorers, seed {done.seed}.\n")


def _line(item: PrioritisedItem) -> str:
    assert item.places is not None  # noqa: S101 - only ranked items are printed in lines
    low, high = item.places
    place = f"{low} to {high}" if item.close_call else str(low)
    box = f"{item.quadrant or '-'} {_of_100(item.quadrant_chance)}" + (
        " *" if item.dominated_quick_win else ""
    )
    numbers = "".join(f"{'-' if v is None else f'{v:.1f}':>{w}}" for v, w in ((item.score, 6), (item.impact, 8), (item.effort, 8)))  # fmt: skip
    return (
        f"{place:<8}{numbers}  {item.title[:39]:<40}{box:<20}{item.disagreement.kind:<26}{item.flip_words}\n"
    )


def _of_100(share: float | None) -> str:
    if share is None:
        return ""
    if share > 0.99:
        return ">99"
    return "<1" if share < 0.01 else f"{100 * share:.0f}"


def agree(
    round_id: RoundOption = None,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Say how far agencies agree, who differs on what, and who should talk to whom, most useful first."""
    with words(as_json), reader(store, as_json) as opened:
        from partnership._workflows.prioritising import prioritise as run

        done = run(opened, round_id, as_of=day(as_of))
        if as_json:
            talks = [{**_plain(t), "words": done.talk_words(t)} for t in done.talks]
            items = [
                {"item_id": i.item_id, "title": i.title, "axes": _plain(i.axes), "disagreement": _plain(i.disagreement)}
                for i in done.items
            ]  # fmt: skip
            print_json(
                {"round": _plain(done.round), "agreement": _plain(done.agreement), "stability": _plain(done.stability), "talks": talks, "items": items}
            )  # fmt: skip
            return
        _print_agreement(done)


def _print_agreement(done: Prioritised) -> None:
    write = sys.stdout.write
    if done.agreement is None:
        write(done.headline + "\n")
        return
    write(done.agreement.sentence + "\n")
    for axis, alpha in done.agreement.alpha.items():
        write(
            f"Krippendorff’s alpha (ordinal) on {axis}: {'not known' if alpha is None else f'{alpha:.2f}'}\n"
        )
    if done.stability:
        write(done.stability.sentence + "\n")
    if done.round and done.round.stopping_rule:
        write(f"Stopping rule: {done.round.stopping_rule}\n")
    write(
        "\nWho should talk, most useful first\n"
        if done.talks
        else "\nNobody needs to talk before the ranking is used.\n"
    )
    for number, talk in enumerate(done.talks, start=1):
        moves = (
            f" Places {min(talk.places)} to {max(talk.places)} hang on it."
            if talk.places and talk.moves
            else ""
        )
        write(f"{number}. {done.talk_words(talk)} {talk.because}{moves}\n")


def round_(
    what: Annotated[str, typer.Argument(help="open, close or reveal.")],
    round_id: Annotated[str, typer.Argument(help="Id of the round.", metavar="ROUND")],
    stopping_rule: Annotated[
        str | None, typer.Option(help="The rule that ends the scoring; declared with the first round.")
    ] = None,
    actor: ActorOption = None,
    reason: ReasonOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Open a round of scoring, blind; close it; or reveal it to all."""
    with words(as_json), writer(store, create=False) as opened:
        from partnership._workflows import scoring_rounds as rounds

        why = reason or f"Round {round_id}: {what}"
        if what == "open":
            rounds.open_round(opened, round_id, actor_named(actor), why, stopping_rule=stopping_rule)
        elif what == "close":
            rounds.close_round(opened, round_id, actor_named(actor), why)
        elif what == "reveal":
            rounds.reveal_round(opened, round_id, actor_named(actor), why)
        else:
            message = f"{what!r} is nothing that a round does. Choose open, close or reveal."
            raise typer.BadParameter(message)
        state = rounds.round_of(opened, round_id)
        lacking = [p.name for p in rounds.progress(opened, round_id) if not p.done]
        waits = f" Not finished scoring: {', '.join(lacking)}." if lacking and what != "open" else ""
        say(as_json, {**_plain(state), "not_finished": lacking}, f"{state.words}.{waits}")


def scoring_sheet(
    agency: Annotated[str, typer.Option(help="The agency that scores, by id or code.")],
    round_id: Annotated[str, typer.Option("--round", help="The open round.")],
    out: Annotated[Path, typer.Option(help="Where to write the sheet.")],
    role: Annotated[
        str | None, typer.Option(help="Role that scores; the one that scored before, or its only one.")
    ] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Write one agency's scoring sheet: items, anchors and its own scores, nobody else's."""
    with words(as_json), reader(store, as_json) as opened:
        from partnership._workflows.scoring_sheets import scoring_sheet as make

        out.write_bytes(make(opened, agency, round_id, role_id=role))
        told = f"Written: {out}. Load it back with: partnership scores {out.name}."
        say(as_json, {"written": str(out), "agency": agency, "round": round_id}, told)


def scores(
    path: Annotated[Path, typer.Argument(help="The scoring sheet that came back.")],
    agency: Annotated[str | None, typer.Option(help="Refuse the sheet unless it is this agency's.")] = None,
    actor: ActorOption = None,
    reason: ReasonOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Load an agency's scoring sheet into the open round, blind: all of it, or nothing."""
    with words(as_json):
        readable([path])
        with writer(store, create=False) as opened:
            from partnership._cli.printing import plain, print_findings
            from partnership._cli.words import Ended
            from partnership._workflows.editing import NotSaved
            from partnership._workflows.scoring_sheets import load_scores

            try:
                filled, receipt = load_scores(
                    opened, path.read_bytes(), path.name, actor_named(actor), reason or "Scoring sheet", agency_id=agency
                )  # fmt: skip
            except NotSaved as refused:
                if as_json:
                    print_json({"error": str(refused), "findings": [plain(f) for f in refused.findings]})
                else:
                    print_findings(list(refused.findings))
                raise Ended(1) from None
            count = receipt.total
            data = {
                "agency": filled.agency_id,
                "round": filled.round_id,
                "new": count.new,
                "changed": count.changed,
            }
            told = f"Stored for {filled.agency_id} in round {filled.round_id}: {count.new} new, {count.changed} changed. Sealed until the round is revealed."
            say(as_json, data, told)
