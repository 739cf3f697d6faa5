"""What the prioritisation page is asked for and what it says: its address, its titles, its sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from partnership.wording import capital, count_of, in_words, listing

if TYPE_CHECKING:
    from dashboards.scoring_work import Scorer
    from dashboards.urls import State
    from partnership._prioritisation.rounds import RoundState
    from partnership._workflows.prioritised_values import Prioritised, PrioritisedItem

__all__ = [
    "Asked",
    "asked",
    "board_title",
    "chosen_title",
    "lower",
    "opening",
    "tenth",
    "weights_text",
]

QUADRANTS = ("quick win", "big bet", "fill-in", "think again")
KEPT = ("order", "free", "none")
_NO_WORK = "No work yet."


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of this page, looked up among what there is.

    Parameters
    ----------
    round_id : str or None
        A revealed round other than the latest.
    weights : Mapping[str, float]
        "What if": weights by axis or criterion.
    kept : str
        What draws keep of the weights.
    scorer : Scorer or None
        Who somebody declares to be.
    notes : tuple[str, ...]
        What was asked for and is not there.
    """

    round_id: str | None
    weights: Mapping[str, float]
    kept: str
    scorer: Scorer | None
    notes: tuple[str, ...]


def asked(
    state: State, rounds: Sequence[RoundState], criteria: Sequence[Any], scorers: Mapping[str, Scorer]
) -> Asked:
    """Read the part of an address that only this page understands.

    Parameters
    ----------
    state : State
        The address.
    rounds, criteria, scorers
        What there is.
    """
    extra, notes = state.extra, []
    round_id = extra.get("round")
    if round_id is not None and round_id not in {r.id for r in rounds if not r.is_sealed}:
        notes.append("The address asks for a round that is not revealed or not there. The latest is shown.")
        round_id = None
    weights, wrong = _weights(extra.get("weights"), {c.id for c in criteria} | {c.axis for c in criteria})
    if wrong:
        notes.append(f"The weights in the address cannot be used: {wrong} The plan’s own are shown.")
    kept = extra.get("kept", "order")
    if kept not in KEPT:
        notes.append("The address asks for draws that there are not. The order of the weights is kept.")
        kept = "order"
    scorer = scorers.get(extra.get("scorer", ""))
    if extra.get("scorer") and scorer is None:
        notes.append("The address names a role that nobody holds today. Say again who you are.")
    return Asked(round_id, weights, kept, scorer, tuple(notes))


def _weights(text: str | None, known: set[str]) -> tuple[dict[str, float], str]:
    """Read weights such as impact:60,effort:40; what cannot be read is said."""
    out: dict[str, float] = {}
    for part in (text or "").split(","):
        if not part.strip():
            continue
        name, _, number = part.partition(":")
        try:
            value = float(number)
        except ValueError:
            return {}, "each is a name, a colon and a number."
        if name not in known:
            return {}, "one is for no axis and no criterion."
        if not 0 <= value <= 1_000_000:
            return {}, "one is below 0 or beyond sense."
        out[name] = value
    if out and sum(out.values()) <= 0:
        return {}, "they add to nothing."
    return out, ""


def weights_text(weights: Mapping[str, float]) -> str | None:
    """Return weights as they stand in an address; None for none.

    Examples
    --------
    >>> weights_text({"impact": 60.0, "effort": 40.0})
    'impact:60,effort:40'
    """
    return ",".join(f"{n}:{w:g}" for n, w in weights.items()) or None


def tenth(value: float | Decimal | None) -> str:
    """Return a place on an axis to a tenth, half up; a dash where there is none.

    Examples
    --------
    >>> tenth(6.125), tenth(2.95), tenth(None)
    ('6.1', '3.0', '–')
    """
    return "–" if value is None else f"{float(value) + 1e-9:.1f}"


def opening(done: Prioritised) -> tuple[str, str]:
    """Return the sentence that the page opens with, and the one after it."""
    if not done.items:
        return _NO_WORK, ""
    first, _, then = done.headline.partition(". ")
    return (f"{first}." if then else first), then


def board_title(items: Sequence[PrioritisedItem]) -> str:
    """Return what the board shows: items by quadrant, and those that agencies see differently."""
    if not any(i.quadrant for i in items):
        return "No item has a score on both axes yet"
    counts = [(q, sum(i.quadrant == q for i in items)) for q in QUADRANTS]
    said = [_quadrant(n, q) for q, n in counts if n and q in QUADRANTS[:2]] or [
        _quadrant(n, q) for q, n in counts if n
    ]
    camps = sum(i.disagreement.kind == "two camps" for i in items)
    others = sum(i.disagreement.disagrees for i in items) - camps
    if camps:
        said.append(f"{count_of(camps, 'item', words=True)} that two camps see differently")
    elif others:
        said.append(f"{count_of(others, 'item', words=True)} on which agencies disagree")
    return capital(listing(said))


def _quadrant(count: int, name: str) -> str:
    many = {"fill-in": "fill-ins", "think again": "to think again about"}.get(name, f"{name}s")
    one = "to think again about" if name == "think again" else name
    return f"{in_words(count)} {one if count == 1 else many}"


def chosen_title(item: PrioritisedItem) -> str:
    """Return what agencies make of one item."""
    return {
        "two camps": f"{item.title} splits the room in two",
        "one dissenter": f"One agency sees {item.title} otherwise",
        "spread": f"Agencies are spread over {item.title}",
        "different understanding": f"{item.title} is understood in more than one way",
        "not enough scores": f"{item.title} has too few scores to say anything",
    }.get(item.disagreement.kind, f"Agencies agree on {item.title}")


def lower(words: str) -> str:
    """Return words with a small first letter, to stand inside a sentence."""
    return words[:1].lower() + words[1:]
