"""The pack that a newcomer to a role needs: what it answers for, promises, decisions, people, changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from partnership import wording
from partnership._workflows.goal_checks import judge_goals
from partnership._workflows.paper_seal import seal_of, seal_words
from partnership._workflows.remembering import Remembered, remembered
from partnership.commitments import RoleHistory
from partnership.errors import UnknownName
from partnership.periods import local_day

if TYPE_CHECKING:
    from partnership.store import Store

__all__ = ["Pack", "Section", "hand_over", "pack_json", "role_choices"]

Row = Mapping[str, Any]
_ALL = "all partners"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the pack: a title that is a sentence, headings, and rows of text."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    none: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A handover pack, in words throughout, as known on a day."""

    role: str
    agency_id: str
    agency: str
    partnership: str
    known_on: dt.date
    opening: str
    sections: tuple[Section, ...]
    seal: str


def role_choices(store: Store, *, as_of: dt.date | None = None) -> dict[str, str]:
    """Return every role by the id of its latest holding: what a pack can be written for."""
    roles = remembered(store, as_of=as_of).roles
    return {r.holdings[-1].id: r.role for r in roles if r.holdings}


def hand_over(store: Store, role: str, *, as_of: dt.date | None = None, today: dt.date | None = None) -> Pack:
    """Write the pack of one role.

    Parameters
    ----------
    store : Store
        Where the plan is.
    role : str
        Id of any holding of the role, or its name.
    as_of, today : date, optional
        As known on that day, and the day it is judged on.

    Raises
    ------
    UnknownName
        If there is no such role; with the nearest ones.
    """
    on = today or as_of or local_day(dt.datetime.now(dt.UTC))
    whole = remembered(store, as_of=as_of, today=on)
    mine = _found(whole, role)
    plan = store.plan(as_of=as_of)
    agencies = {a.id: a.name for a in plan["agencies"]}
    own = remembered(store, as_of=as_of, today=on, agency_id=mine.agency_id)
    asked: dict[str, Any] = {"as_of": as_of, "today": on, "agency_id": mine.agency_id}
    promises = [
        r for r in store.fetch("promises", **asked).to_dicts() if r["state"] in ("overdue", "not yet due")
    ]
    talks = store.fetch("talks", **asked).to_dicts()
    judged = judge_goals(store, as_of=as_of, today=on)
    label = whole.labels[mine.holdings[-1].id]
    summary = next(iter(plan["partnership"]), None)
    sections = (
        _answers_for(plan, whole, label, on),
        _goals(plan, judged, mine.agency_id),
        _gaps(talks),
        _promises(promises, mine.agency_id),
        _decisions(whole),
        _who(whole, agencies),
        _lately(own, agencies),
        _people_gaps(whole, agencies),
    )
    return Pack(
        mine.role,
        mine.agency_id,
        agencies.get(mine.agency_id, mine.agency_id),
        summary.name if summary else "",
        on,
        _opening(mine, agencies),
        sections,
        seal_words(seal_of(store, as_of)),
    )


def _found(whole: Remembered, asked: str) -> RoleHistory:
    folded = " ".join(asked.casefold().split())
    for role in whole.roles:
        names = {role.role.casefold(), *(h.id.casefold() for h in role.holdings)}
        if role.holdings and (folded in names or folded == whole.labels[role.holdings[-1].id].casefold()):
            return role
    known = [r.role for r in whole.roles if r.holdings]
    raise UnknownName("role", asked, [*known, *(h.id for r in whole.roles for h in r.holdings)])


def _opening(role: RoleHistory, agencies: Mapping[str, str]) -> str:
    where = f"{role.role}, {agencies.get(role.agency_id, role.agency_id)}."
    now = {
        "held": f"Held by {role.current.holder if role.current else ''}",
        "nobody named": "Nobody is named in it",
        "vacant": "Nobody holds it",
        "not begun": "Nobody has begun in it",
    }[role.standing]
    since = role.current.started_on if role.current else None
    said = [where, f"{now}{f' since {wording.day(since)}' if since else ''}."]
    before = [h for h in role.holdings if h is not role.current]
    if before:
        last = before[-1]
        until = f" until {wording.day(last.ended_on)}" if last.ended_on else ""
        said.append(f"Before: {last.holder or 'nobody named'}{until}.")
    days = sum(g.days or 0 for g in role.gaps if g.kind == "vacant")
    if days:
        said.append(f"It stood empty for {wording.count_of(days, 'day')} in all.")
    return " ".join(said)


def _answers_for(plan: Any, whole: Remembered, label: str, on: dt.date) -> Section:
    roles = {i for i, name in whole.labels.items() if name == label}
    alone = {(t.kind, t.id) for c in whole.carriers for t in c.alone_on if label in t.roles}

    def sure(kind: str, key: str) -> str:
        return "only this role's holder is named" if (kind, key) in alone else "others are named too"

    rows: list[tuple[str, ...]] = []
    for goal in plan["goals"]:
        if goal.owner_role_id in roles and not (goal.closed_on and goal.closed_on <= on):
            rows.append(("Goal", goal.title, "owner", sure("goal", goal.id)))
    for benefit in plan["benefits"]:
        part = ["owner"] if benefit.owner_role_id in roles else []
        part += ["validator"] if benefit.validator_role_id in roles else []
        if part:
            rows.append(("Benefit", benefit.title, wording.listing(part), sure("benefit", benefit.id)))
    rows += [
        ("Measure", m.name, "owner", sure("measure", m.id))
        for m in plan["measures"]
        if m.owner_role_id in roles
    ]
    many = wording.count_of(len(rows), "thing")
    return Section(
        f"The role answers for {many}",
        ("What", "Title", "Part", "Who else"),
        tuple(rows),
        "No goal, benefit or measure names this role.",
    )


def _goals(plan: Any, judged: Any, agency_id: str) -> Section:
    partner = {p.goal_id for p in plan["goal_partners"] if p.agency_id == agency_id}
    rows = []
    for one in judged.goals:
        goal = one.goal
        if goal.id in partner or goal.owner_agency_id == agency_id:
            part = "leads" if goal.owner_agency_id == agency_id else "takes part"
            by = wording.day(goal.target_on) if goal.target_on else "no date"
            to_mend = "; ".join(f"{v.found} {v.do}".strip() for v in one.to_mend) or "nothing to mend"
            rows.append((goal.title, part, by, to_mend))
    return Section(
        f"The agency works for {wording.count_of(len(rows), 'goal')}",
        ("Goal", "Part", "By", "To mend"),
        tuple(rows),
        "The agency owns no open goal and takes part in none.",
    )


def _gaps(talks: Sequence[Row]) -> Section:
    rows = []
    for t in talks:
        who = wording.listing(n for n in (t["agency_name"], t["other_agency_name"]) if n)
        if t["ratio"] is not None:
            said = (
                f"{wording.number(t['least_rate'])} against "
                f"{wording.number(t['most_rate'])}, {wording.times(t['ratio'])} apart"
            )
        elif t["missing_answers"]:
            said = f"{t['missing_answers']} of {t['asked']} answers are missing"
        else:
            said = t["subject"]
        stake = wording.pounds(t["at_stake_gbp"]) if t["at_stake_gbp"] else "nothing in money"
        rows.append((t["measure_name"] or "expectations", who, said, stake))
    return Section(
        (
            f"{wording.capital(wording.count_of(len(rows), 'talk', words=True))} "
            "to have about what partners expect"
        ),
        ("About", "Between", "How it stands", "Rests on it"),
        tuple(rows),
        "No partner expects something else than this agency does, as far as they have said.",
    )


def _promises(promises: Sequence[Row], agency_id: str) -> Section:
    rows = []
    for p in sorted(promises, key=lambda r: (r["agency_id"] != agency_id, r["due_on"])):
        late = wording.days_late(p["days_late"]) if p["state"] == "overdue" else "not yet due"
        held = wording.pounds(p["held_up_gbp"]) if p["held_up_gbp"] else ""
        rows.append(
            (p["title"], p["agency_name"], p["to_agency_name"] or _ALL, wording.day(p["due_on"]), late, held)
        )
    return Section(
        f"{wording.capital(wording.count_of(len(rows), 'promise', words=True))} open, by the agency or to it",
        ("Promise", "By", "To", "First due", "Stands", "Holds up"),
        tuple(rows),
        "No promise is open.",
    )


def _decisions(whole: Remembered) -> Section:
    rows = [
        (
            wording.day(d.decided_on),
            d.title,
            d.decided_by or "not written down",
            d.why or "not written down",
            d.options or "not written down",
            d.dissent or "not written down",
            d.goal_title or "",
        )
        for d in whole.decisions
    ]
    return Section(
        f"{wording.capital(wording.count_of(len(rows), 'decision', words=True))}, latest first, and why",
        ("On", "What", "Who", "Why", "What else was possible", "Who disagreed", "Goal"),
        tuple(rows),
        "No decision is written down.",
    )


def _who(whole: Remembered, agencies: Mapping[str, str]) -> Section:
    rows = [
        (
            agencies.get(r.agency_id, r.agency_id),
            r.role,
            (r.current.holder if r.current else None) or "nobody named",
            wording.day(r.current.started_on) if r.current and r.current.started_on else "",
        )
        for r in whole.roles
        if r.standing != "not begun"
    ]
    return Section("Who is who", ("Agency", "Role", "Who", "Since"), tuple(rows), "No role is written down.")


def _lately(own: Remembered, agencies: Mapping[str, str]) -> Section:
    rows = [
        (wording.day(e.on), e.kind, e.title, agencies.get(e.agency_id or "", ""), e.more) for e in own.events
    ]
    common = f"since {wording.day(own.since)}"
    return Section(
        f"{wording.capital(wording.count_of(len(rows), 'change', words=True))} at the agency {common}",
        ("On", "What", "Title", "Agency", "More"),
        tuple(rows),
        "Nothing changed.",
    )


def _people_gaps(whole: Remembered, agencies: Mapping[str, str]) -> Section:
    rows: list[tuple[str, ...]] = []
    for r in whole.roles:
        gap = r.open_gap
        if gap is not None:
            since = f"since {wording.day(gap.from_on)}" if gap.from_on else ""
            rows.append((gap.kind, r.role, agencies.get(r.agency_id, r.agency_id), since))
    for c in whole.carriers:
        what = wording.listing((f"{t.kind} “{t.title}”" for t in c.alone_on), most=5)
        if c.person is None:
            rows.append(("nobody named on", what, "", ""))
        elif len(c.alone_on) > 1:
            rows.append(("only one person named", what, c.person, wording.listing(c.roles)))
    return Section(
        "Where people are missing, or one person is all there is",
        ("Gap", "What", "Who or where", "More"),
        tuple(rows),
        "Every role is held, and nothing hangs on one person.",
    )


def pack_json(pack: Pack) -> dict[str, Any]:
    """Return the pack as plain data."""

    def plain(section: Section) -> dict[str, Any]:
        rows: Iterable[dict[str, str]] = (dict(zip(section.headings, r, strict=True)) for r in section.rows)
        return {"title": section.title, "rows": list(rows)}

    return {
        "role": pack.role,
        "agency_id": pack.agency_id,
        "agency": pack.agency,
        "partnership": pack.partnership,
        "known_on": pack.known_on.isoformat(),
        "opening": pack.opening,
        "sections": [plain(s) for s in pack.sections],
        "seal": pack.seal,
    }
