"""Selection and phasing: against every possible plan on small cases, and against rules worked out apart from the solver."""

import itertools
import random
import subprocess
import sys
import threading
import time
from dataclasses import replace
from fractions import Fraction

import pytest

from partnership._prioritisation.selecting import solver as solving
from partnership._prioritisation.selecting.choices import choices
from partnership._prioritisation.selecting.conflicts import Rule, conflict_in
from partnership._prioritisation.selecting.formulation import programme
from partnership._prioritisation.selecting.model import Candidate, Problem, SmallWins, Synergy
from partnership._prioritisation.selecting.more import more_of
from partnership._prioritisation.selecting.plans import from_the_top, load_of, value_of, violations
from partnership._prioritisation.selecting.replanning import replanned
from partnership._prioritisation.selecting.search import phase
from partnership._prioritisation.selecting.solver import Cancelled, Solver
from partnership.errors import InvalidInput, UnknownName

AGENCIES = ("COU", "POL", "ICB")


def problem_of(seed, items=5, quarters=3, **more):
    """A small random problem with every kind of rule in it."""
    chance = random.Random(seed)
    names = [f"W{n}" for n in range(items)]
    candidates = []
    for name in names:
        length = chance.randint(1, 2)
        worth = chance.randint(-2, 20)
        needs = {
            (a, "days"): tuple(
                Fraction(chance.randint(0, 6), chance.choice((1, 1, 3))) for _ in range(length)
            )
            for a in AGENCIES
            if chance.random() < 0.7
        }
        latest = chance.choice((None, None, quarters - 1, 1))
        values = tuple(worth * (1 - 0.05 * t) for t in range(quarters))
        candidates.append(Candidate(name, length, values, needs, chance.choice((0, 0, 1)), latest))
    pairs = [(a, b) for b, a in itertools.combinations(names, 2)]
    given = {
        "requires": tuple(chance.sample(pairs, 2)),
        "excludes": tuple(chance.sample(pairs, 1)),
        "synergies": (
            Synergy(
                frozenset(chance.sample(names, 2)),
                tuple(chance.choice((-5.0, 6.0)) * (1 - 0.05 * t) for t in range(quarters)),
            ),
        ),
        "must_do": frozenset(chance.sample(names, chance.choice((0, 0, 1)))),
        "small_wins": chance.choice(
            (None, SmallWins(1, 2, {n: frozenset(chance.sample(AGENCIES, 2)) for n in names}, ("COU",)))
        ),
    }
    offers = {
        (a, "days"): tuple(
            chance.choice((Fraction(chance.randint(0, 9)), None))
            if chance.random() < 0.2
            else Fraction(chance.randint(2, 9))
            for _ in range(quarters)
        )
        for a in AGENCIES
    }
    return Problem(tuple(candidates), quarters, offers, **{**given, **more})


def every_plan(problem):
    """All ways to choose and to start, whether they keep the rules or not."""
    options = [[None, *range(problem.quarters)] for _ in problem.candidates]
    for starts in itertools.product(*options):
        yield {
            c.id: s
            for c, s in zip(problem.candidates, starts, strict=True)
            if s is not None and s + c.quarters <= problem.quarters
        }


def keeps_rules(problem, starts):
    """The rules once more, written apart from the library's own checker."""
    items = {c.id: c for c in problem.candidates}
    end = {i: s + items[i].quarters - 1 for i, s in starts.items()}
    for i, s in starts.items():
        last = problem.quarters - 1 if items[i].latest is None else items[i].latest
        if s < items[i].earliest or end[i] > last:
            return False
    for r, offered in problem.offers.items():
        for q, room in enumerate(offered):
            if room is None:
                continue
            if (
                sum(
                    items[i].needs[r][q - s]
                    for i, s in starts.items()
                    if r in items[i].needs and s <= q <= end[i]
                )
                > room
            ):
                return False
    ordered = all(b in end and end[b] < starts[a] for a, b in problem.requires if a in starts)
    apart = not any(a in starts and b in starts for a, b in problem.excludes)
    must = problem.must_do <= starts.keys()
    wins = problem.small_wins
    early = {i for i, f in end.items() if wins is not None and f < wins.quarters}
    won = wins is None or (
        len(early) >= wins.count and all(any(a in wins.felt.get(i, ()) for i in early) for a in wins.agencies)
    )
    return ordered and apart and must and won


@pytest.mark.parametrize("seed", range(12))
def test_small_problem_is_solved_as_by_trying_every_plan(seed):
    problem = problem_of(seed)
    allowed = [p for p in every_plan(problem) if keeps_rules(problem, p)]
    found = phase(problem, limit=60)
    if not allowed:
        assert found.status == "infeasible"
        assert conflict_in(problem) is not None
        return
    best = max(value_of(problem, p) for p in allowed)
    assert found.status == "optimal"
    assert found.value == pytest.approx(best, abs=1e-6)
    assert keeps_rules(problem, found.starts)
    assert conflict_in(problem) is None


def test_checker_agrees_with_rules_written_apart():
    seen = {True: 0, False: 0}
    for seed in range(6):
        problem = problem_of(seed, items=4)
        for plan in every_plan(problem):
            kept = keeps_rules(problem, plan)
            assert (violations(problem, plan) == ()) is kept
            seen[kept] += 1
    assert min(seen.values()) > 20


def test_steps_of_a_plan_keep_every_row_and_are_worth_what_the_plan_is():
    problem = problem_of(3, must_do=frozenset(), small_wins=None)
    made = programme(problem)
    for plan in [p for p in every_plan(problem) if keeps_rules(problem, p)][:200]:
        ones = made.steps_of(plan)
        assert made.plan_of(ones) == plan
        assert sum(made.worth[k] for k in ones) == pytest.approx(value_of(problem, plan), abs=1e-9)
        for r in range(made.low.size):
            span = slice(made.starts[r], made.starts[r + 1])
            total = sum(d for d, k in zip(made.data[span], made.columns[span], strict=True) if k in ones)
            assert made.low[r] - 1e-9 <= total <= made.high[r] + 1e-9


def test_thirds_of_days_fit_exactly_and_not_by_tolerance():
    third = {("POL", "days"): (Fraction(1, 3),)}
    items = tuple(Candidate(n, 1, (1.0,), third) for n in "abcd")
    found = phase(Problem(items, 1, {("POL", "days"): (Fraction(1),)}), limit=30)
    assert found.value == 3
    assert load_of(found.problem, found.starts)["POL", "days"] == (Fraction(1),)


# ---- what is asked wrongly ----
def test_ring_of_prerequisites_is_printed():
    items = tuple(Candidate(n, 1, (1.0,)) for n in "abcd")
    with pytest.raises(InvalidInput, match="a needs b needs c needs a: a ring"):
        phase(Problem(items, 1, requires=(("b", "c"), ("c", "a"), ("a", "b"), ("d", "a"))))


def test_unknown_item_is_named_with_the_nearest():
    items = (Candidate("W01", 1, (1.0,)),)
    with pytest.raises(UnknownName, match="W01"):
        phase(Problem(items, 1, must_do=frozenset({"W1"})))


def test_nothing_offered_gives_the_empty_plan_proved():
    items = tuple(Candidate(n, 1, (1.0,), {("POL", "days"): (Fraction(1),)}) for n in "ab")
    found = phase(Problem(items, 1, {("POL", "days"): (Fraction(0),)}), limit=30)
    assert (found.status, dict(found.starts), found.value) == ("optimal", {}, 0.0)


@pytest.mark.parametrize(
    "wrong", [{"quarters": 0}, {"quarters": 2}, {"offers": {("POL", "days"): (Fraction(-1),)}}]
)
def test_problem_of_wrong_shape_is_refused(wrong):
    items = (Candidate("a", 1, (1.0,), {("POL", "days"): (Fraction(1),)}),)
    given = {"quarters": 1, "offers": {("POL", "days"): (Fraction(1),)}} | wrong
    with pytest.raises(InvalidInput):
        phase(Problem(items, **given))


def test_five_hundred_items_give_a_plan_with_its_bound():
    chance = random.Random(5)
    items = tuple(
        Candidate(
            f"W{n:03}",
            1 + n % 3,
            tuple(chance.uniform(1, 10) * (1 - 0.02 * t) for t in range(8)),
            {
                (a, "days"): (Fraction(chance.randint(1, 5)),) * (1 + n % 3)
                for a in chance.sample(AGENCIES, 2)
            },
        )
        for n in range(500)
    )
    problem = Problem(
        items,
        8,
        {(a, "days"): (Fraction(60),) * 8 for a in AGENCIES},
        requires=(("W100", "W001"), ("W200", "W100")),
    )
    begun = time.perf_counter()
    found = phase(problem, limit=3)
    assert time.perf_counter() - begun < 120
    assert found.status in {"best found", "optimal"}
    assert violations(problem, found.starts) == ()
    assert found.bound >= found.value > 0
    assert found.gap is not None


# ---- what cannot be kept together ----
def test_conflict_names_the_smallest_set_of_demands_and_what_stands_in_their_way():
    need = {("POL", "days"): (Fraction(3),)}
    items = tuple(Candidate(n, 1, (1.0,), need) for n in "abc") + (Candidate("d", 1, (1.0,)),)
    problem = Problem(
        items, 1, {("POL", "days"): (Fraction(5),), ("COU", "days"): (Fraction(5),)}, must_do=frozenset("abd")
    )
    assert phase(problem, limit=30).status == "infeasible"
    found = conflict_in(problem)
    assert found.demands == (Rule("must do", ("a",)), Rule("must do", ("b",)))
    assert found.limits == (Rule("offer", ("POL", "days")),)
    assert found.is_smallest


@pytest.mark.parametrize("seed", range(40, 46))
def test_conflict_is_irreducible(seed):
    chance = random.Random(seed)
    problem = problem_of(
        seed, must_do=frozenset(chance.sample([f"W{n}" for n in range(5)], 4)), small_wins=SmallWins(3, 1)
    )
    found = conflict_in(problem)
    if found is None:
        assert phase(problem, limit=30).status == "optimal"
        return
    for rule in found.demands:
        fewer = replace(
            problem,
            must_do=frozenset(r.about[0] for r in found.demands if r.kind == "must do" and r != rule),
            small_wins=problem.small_wins
            if any(r.kind == "small wins" and r != rule for r in found.demands)
            else None,
        )
        assert any(keeps_rules(fewer, p) for p in every_plan(fewer))


# ---- the solver's process ----
@pytest.fixture(scope="module")
def hard():
    """A problem that is not solved in a moment."""
    chance = random.Random(11)
    items = tuple(
        Candidate(
            f"W{n:02}",
            length,
            tuple(v * (1 - 0.02 * t) for t in range(8)),
            {
                (f"A{a}", "days"): (Fraction(chance.randint(1, 5)),) * length
                for a in chance.sample(range(6), 3)
            },
        )
        for n in range(40)
        for length, v in [(chance.randint(1, 3), chance.randint(20, 100))]
    )
    return Problem(items, 8, {(f"A{a}", "days"): (Fraction(12),) * 8 for a in range(6)})


def test_time_limit_gives_the_best_found_and_never_calls_it_optimal(hard):
    found = phase(hard, limit=1.0)
    assert found.status == "best found"
    assert found.stopped == "limit"
    assert found.bound > found.value
    assert violations(hard, found.starts) == ()
    top = from_the_top(hard, [c.id for c in sorted(hard.candidates, key=lambda c: -max(c.values))])
    assert found.value >= value_of(hard, top) - 1e-9


def test_search_that_is_called_off_returns_the_best_plan_so_far(hard):
    cancel = threading.Event()
    timer = threading.Timer(0.5, cancel.set)
    timer.start()
    begun = time.perf_counter()
    found = phase(hard, limit=300, cancel=cancel)
    timer.join()
    assert time.perf_counter() - begun < 120
    assert found.stopped == "called off"
    assert found.status == "best found"
    assert violations(hard, found.starts) == ()


def test_solver_that_does_not_keep_its_limit_is_ended(hard, monkeypatch):
    monkeypatch.setattr(solving, "_GRACE", -55.0)
    with Solver() as solver:
        solver.load(programme(hard))
        answer = solver.solve(0.2)
        assert answer.status in {"killed", "stopped"}
        monkeypatch.setattr(solving, "_STARTING", 0.0)
        monkeypatch.setattr(solving, "_GRACE", -59.5)
        process = solver._ready()
        assert solver.solve(60.0).status == "killed"
        assert process.child.poll() is not None
        monkeypatch.setattr(solving, "_GRACE", 2.0)
        monkeypatch.setattr(solving, "_STARTING", 60.0)
        assert solver.solve(60.0, relaxed=True).status == "optimal"


def test_solver_called_off_raises_and_ends_its_process(hard):
    cancel = threading.Event()
    with Solver(cancel) as solver:
        solver.load(programme(hard))
        process = solver._ready()
        threading.Timer(0.3, cancel.set).start()
        with pytest.raises(Cancelled):
            solver.solve(300)
        assert process.child.poll() is not None


def test_nothing_of_the_solver_reaches_standard_output():
    script = (
        "from partnership.verify import shipped_cases, run\n"
        "cases = [c for c in shipped_cases() if c['id'] in ('mknap1-7', 'knapsack-01-P07')]\n"
        "print(run(cases).count('pass'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=240
    )
    assert done.stdout == "2\n"


# ---- how firm, and what more would buy ----
def test_firmness_agrees_with_every_plan():
    problem = problem_of(7, items=5, must_do=frozenset(), small_wins=None)
    found = phase(problem, limit=30)
    good = {
        frozenset(p)
        for p in every_plan(problem)
        if keeps_rules(problem, p) and value_of(problem, p) >= found.value * 0.8 - 1e-9
    }
    learned = choices(found, within=0.2, most=64, limit=120)
    assert learned.is_complete
    assert {frozenset(a.starts) for a in learned.alternatives} == good
    for s in learned.standings:
        inside = sum(s.item in g for g in good)
        expected = (
            "in every good plan"
            if inside == len(good)
            else "in some good plans"
            if inside
            else "in no good plan"
        )
        assert s.firmness == expected


def test_more_days_never_buy_less_and_are_solved_again():
    problem = problem_of(9, must_do=frozenset(), small_wins=None)
    found = phase(problem, limit=30)
    gains = more_of(found, [("POL", "days")], [Fraction(1), Fraction(2), Fraction(3)], limit=60)
    assert [g.units for g in gains] == [1, 2, 3]
    for gain in gains:
        larger = replace(
            problem,
            offers={
                **problem.offers,
                ("POL", "days"): tuple(
                    None if x is None else x + gain.units for x in problem.offers["POL", "days"]
                ),
            },
        )
        best = max(value_of(larger, p) for p in every_plan(larger) if keeps_rules(larger, p))
        assert gain.gain == pytest.approx(best - found.value, abs=1e-6)
        assert gain.is_exact
    assert [g.gain for g in gains] == sorted(g.gain for g in gains)


# ---- planning again ----
def test_replanning_says_what_moved_and_why():
    need = {("POL", "days"): (Fraction(3),)}
    items = (
        Candidate("a", 1, (5.0, 4.0, 3.0), need),
        Candidate("b", 1, (3.0, 2.0, 1.0)),
        Candidate("c", 1, (1.0, 0.9, 0.8), need),
    )
    old = Problem(items, 3, {("POL", "days"): (Fraction(3),) * 3})
    new = replace(
        old, offers={("POL", "days"): (Fraction(2), Fraction(3), Fraction(0))}, requires=(("b", "a"),)
    )
    was, now = phase(old, limit=30), phase(new, limit=30)
    found = replanned(old, was.starts, new, now.starts)
    moves = {m.item: m for m in found.moves}
    assert (moves["a"].how, moves["a"].quarters) == ("later", 1)
    assert any("POL offers 2 days in quarter 1, not 3" in w for w in moves["a"].why)
    assert moves["b"].how == "later"
    assert "b now waits for a" in moves["b"].why
    assert moves["c"].how == "leaves"
    assert found.old_value_now is None
    assert any("POL" in b for b in found.broken)


def test_replanning_without_a_change_moves_nothing():
    problem = problem_of(2, must_do=frozenset(), small_wins=None)
    found = phase(problem, limit=30)
    same = replanned(problem, found.starts, problem, found.starts)
    assert (same.moves, same.broken, same.changed) == ((), (), ())
    assert same.old_value_now == pytest.approx(found.value)
