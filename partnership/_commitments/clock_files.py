"""Clocks as TOML: those that ship, and a partnership's own file, as rows of the plan."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from typing import Any

from partnership._commitments.clock_checks import wrong_rules
from partnership._commitments.clock_rule import ClockRule
from partnership._commitments.clocks import CHECK_LOCALLY, FOLLOWED, OFFICE, SHARED, STEP
from partnership._commitments.working_time import WEEKDAYS
from partnership.errors import InvalidInput

__all__ = ["read_clock_rules", "rules_of"]

_WEEK = "office-week"


def read_clock_rules(text: str) -> tuple[ClockRule, ...]:
    r"""Return a partnership's own clocks from TOML as rows of the plan.

    Parameters
    ----------
    text : str
        ``[[working_week]]`` and ``[[clock]]`` as in ``parameters.toml``; a clock may have an
        ``effective_to``, and stand there more than once with other days of effect.

    Raises
    ------
    InvalidInput
        If it is no TOML, lacks a field, counts in something unknown, or calls a clock in force that has no
        source or no day of effect.

    Examples
    --------
    >>> text = '[[clock]]\nid = "hub"\nname = "Hub"\ncounts = "hours"\nallows = { red = 2, amber = 6 }\n'
    >>> rows = read_clock_rules(text + 'source = ""\neffective_from = ""\nstatus = "check locally"\n')
    >>> [(r.id, r.clock_id, r.colour, r.allows) for r in rows]
    [('hub/red', 'hub', 'red', 2), ('hub/amber', 'hub', 'amber', 6)]
    """
    try:
        own = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"The file of clocks cannot be read: {error}. Write it like the clocks of parameters.toml."
        raise InvalidInput(msg) from None
    try:
        rules = rules_of(own)
    except InvalidInput:
        raise
    except (TypeError, ValueError, AttributeError) as fault:
        what = f"something of the wrong kind: {_said(fault)}"
        msg = f"The file of clocks has {what}. Write it like parameters.toml."
        raise InvalidInput(msg) from None
    for wrong in wrong_rules(rules):
        msg = f"Clock {wrong.rule.clock_id}: {wrong.found} {wrong.do}"
        raise InvalidInput(msg)
    return rules


def rules_of(entries: Mapping[str, Any]) -> tuple[ClockRule, ...]:
    """Return TOML's working week and clocks as rows of the plan, the week first.

    Raises
    ------
    InvalidInput
        If one lacks a field.

    Examples
    --------
    >>> rules_of({"clock": []})
    ()
    """
    rows: list[dict[str, Any]] = []
    try:
        weeks = entries.get("working_week", [])
        if weeks:
            rows.append(_week(max(weeks, key=lambda e: str(e["vintage"]))))
        for entry in entries.get("clock", []):
            rows += _clock(entry)
    except KeyError as error:
        msg = (
            f"A clock or the working week lacks {error}. Add it; every clock "
            "needs id, name, counts, allows, source, effective_from, status."
        )
        raise InvalidInput(msg) from None
    return tuple(_numbered(rows))


def _numbered(rows: list[dict[str, Any]]) -> list[ClockRule]:
    """Give each row an id of its own: the clock and the colour, and a number where both are there again."""
    made: dict[str, ClockRule] = {}
    for row in rows:
        stem = f"{row['clock_id']}/{row['colour']}" if row.get("colour") else row["clock_id"]
        key, again = stem, 1
        while key in made:
            again += 1
            key = f"{stem}/{again}"
        made[key] = ClockRule(id=key, **row)
    return list(made.values())


def _week(entry: Mapping[str, Any]) -> dict[str, Any]:
    days = entry["days"]
    if not days or not set(days) <= set(range(1, 8)):
        msg = (
            "The working week needs days from 1 (Monday) to 7, and must end later in the day than it begins."
        )
        raise InvalidInput(msg)
    return {
        "clock_id": _WEEK,
        "name": "Office week",
        "times": OFFICE,
        "works_on": " ".join(WEEKDAYS[d - 1] for d in sorted(set(days))),
        "works_from": entry["begins"],
        "works_until": entry["ends"],
        "bank_holidays": entry["bank_holidays"],
        **_word(entry),
    }


def _clock(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    own, measured = entry.get("counts_for", {}), entry.get("measured_by", {})
    for colour in measured:
        if colour not in entry["allows"]:
            known = ", ".join(repr(c) for c in entry["allows"])
            msg = (
                f"Clock {entry['id']} names a measure for the colour {colour!r}; it allows time for {known}."
            )
            raise InvalidInput(msg)
    return [
        {
            "clock_id": entry["id"],
            "name": entry["name"],
            "times": entry.get("times", SHARED if entry["id"] == FOLLOWED else STEP),
            "colour": colour or None,
            "allows": amount,
            "counts": own.get(colour, entry["counts"]),
            "measure_id": measured.get(colour),
            **_word(entry),
        }
        for colour, amount in entry["allows"].items()
    ]


def _word(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return by whose word a limit holds, and from when to when."""
    if entry["status"] not in (CHECK_LOCALLY, "in force"):
        msg = f"A clock has the status {entry['status']!r}. Write “{CHECK_LOCALLY}” or “in force”."
        raise InvalidInput(msg)
    return {
        "source": entry["source"] or None,
        "effective_from": _day(entry["effective_from"]),
        "effective_to": _day(entry.get("effective_to")),
        "standing": entry["status"],
    }


def _day(given: Any) -> dt.date | None:
    return given if isinstance(given, dt.date) else dt.date.fromisoformat(given) if given else None


def _said(fault: Exception) -> str:
    """Return what is wrong without the library's own pages: field and words."""
    errors = getattr(fault, "errors", None)
    if errors is None:
        return str(fault)
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in errors())
