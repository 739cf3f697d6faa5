"""Finding again what was written: every word asked for must stand there, titles before notes."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from partnership.errors import InvalidInput, shown

__all__ = ["Entry", "Match", "asked_words", "find"]

_LONGEST = 200
_AROUND = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece of text that somebody wrote: what it is, its title, its day, and its fields by name."""

    kind: str
    id: str
    title: str
    on: dt.date | None
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that was found: how well it fits, in which field, and the words around the first hit."""

    entry: Entry
    score: int
    field: str
    around: str


def asked_words(query: str) -> tuple[str, ...]:
    """Return what a search asks for: words, and phrases between quotation marks.

    Raises
    ------
    InvalidInput
        If nothing is asked, or it is longer than 200 characters.

    Examples
    --------
    >>> asked_words('Crisis "not signed"')
    ('not signed', 'crisis')
    """
    if len(query) > _LONGEST:
        msg = (
            f"The search is {len(query)} characters long. Ask "
            f"with a few words, at most {_LONGEST} characters."
        )
        raise InvalidInput(msg)
    folded = _folded(query)
    phrases = [p.strip() for p in re.findall(r'"([^"]+)"', folded) if p.strip()]
    words = re.findall(r"\w+(?:['’-]\w+)*", re.sub(r'"[^"]*"', " ", folded))
    asked = tuple(dict.fromkeys([*phrases, *words]))
    if not asked:
        msg = f"The search {shown(query)} has no word in it. Write one or more words."
        raise InvalidInput(msg)
    return asked


def find(query: str, entries: Iterable[Entry]) -> tuple[Match, ...]:
    """Return the entries in which every word asked for stands, best first.

    A word counts 4 where it stands whole, 2 where a word begins with it, 1 inside a word; three times as
    much in a title. An entry's score is the sum over the words of the best place of each. Equal scores: the
    later day first. Capitals and accents do not matter.

    Parameters
    ----------
    query : str
        Words, and phrases between quotation marks.
    entries : Iterable[Entry]
        Where to look.

    Examples
    --------
    >>> note = Entry("decision", "D1", "Hold talks by video", None, {"why": "Three hours of travel"})
    >>> [(m.entry.id, m.score, m.field) for m in find("video travel", [note])]
    [('D1', 16, 'title')]
    >>> find("video train", [note])
    ()
    """
    asked = asked_words(query)
    found = [m for e in entries if (m := _match(asked, e)) is not None]
    return tuple(sorted(found, key=_place))


def _place(one: Match) -> tuple[int, int, str, str]:
    day = one.entry.on.toordinal() if one.entry.on else 0
    return -one.score, -day, one.entry.kind, one.entry.id


def _match(asked: Sequence[str], entry: Entry) -> Match | None:
    fields = {"title": entry.title, **{n: t for n, t in entry.texts.items() if t}}
    folded = {n: _folded(t) for n, t in fields.items()}
    total, where, word_there = 0, "", ""
    best_first = -1
    for word in asked:
        points = {n: _points(word, t) * (3 if n == "title" else 1) for n, t in folded.items()}
        name = max(points, key=lambda n: points[n])
        if not points[name]:
            return None
        total += points[name]
        if points[name] > best_first:
            best_first, where, word_there = points[name], name, word
    return Match(entry, total, where, _snippet(fields[where], folded[where], word_there))


def _points(word: str, text: str) -> int:
    best, at = 0, text.find(word)
    while at >= 0 and best < 4:
        begins = at == 0 or not text[at - 1].isalnum()
        ends = at + len(word) == len(text) or not text[at + len(word)].isalnum()
        best = max(best, 4 if begins and ends else 2 if begins else 1)
        at = text.find(word, at + 1)
    return best


def _snippet(text: str, folded: str, word: str) -> str:
    if len(folded) != len(text):
        return text if len(text) <= 2 * _AROUND else f"{text[: 2 * _AROUND].rstrip()}…"
    at = folded.find(word)
    first, last = max(at - _AROUND, 0), min(at + len(word) + _AROUND, len(text))
    while first > 0 and not text[first - 1].isspace():
        first -= 1
    while last < len(text) and not text[last].isspace():
        last += 1
    return f"{'…' if first else ''}{text[first:last].strip()}{'…' if last < len(text) else ''}"


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("“", '"').replace("”", '"'))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()
