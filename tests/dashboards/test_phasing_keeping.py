"""A plan kept from its page: by whom, why, stale or changed plans refused; and a search that a page stops."""

import datetime as dt
import shutil
import threading
import time
from types import SimpleNamespace

import pytest

from dashboards.data import Data
from dashboards.pages import _phasing_beyond, _phasing_keeping, phasing
from dashboards.phasing_work import PhasingWork, fingerprint
from partnership._prioritisation.selecting import solver as solving
from partnership._workflows import phasing as workflow
from partnership._workflows.phasing import PhasingSettings, firmness, more_days
from partnership._workflows.phasing_decision import compare_with, decision_of, saved_plans
from partnership._workflows.phasing_settings import PACKED
from partnership._workflows.remembering import remembered
from partnership.plan import Plan
from partnership.store import Actor, open_store
from sample_data.make_wendleshire import records

TODAY = dt.date(2026, 11, 23)
ASK = "a" * 32
MANAGER = "Hub manager"


def text_of(made):
    found = []

    def walk(part):
        if isinstance(part, str):
            found.append(part)
        elif isinstance(part, list | tuple):
            for one in part:
                walk(one)
        elif part is not None:
            walk(getattr(part, "children", None))

    walk(made)
    return " ".join(" ".join(found).split())


@pytest.fixture(scope="module")
def opened(tmp_path_factory, county_file):
    path = tmp_path_factory.mktemp("keeping") / "county.duckdb"
    shutil.copy(county_file, path)
    store = open_store(path, mode="write")
    yield Data(store, lambda: TODAY)
    store.close()


def manager(data):
    from dashboards.editing import role_choices

    return next(i for i, role in role_choices(data).items() if role == MANAGER)


def seen_by(data, state):
    seq, done = data.phasing.plan_at(None, phasing.asked(state.extra)[0])
    return {"seq": seq, "plan": fingerprint(done), "once": "b" * 32}, done


def test_plan_is_kept_from_its_page_as_the_command_keeps_it(opened, monkeypatch):
    state = opened.state("/phasing", "")
    seen, done = seen_by(opened, state)
    who, before = manager(opened), opened.store.last_seq
    refused = [
        (seen, None, "Small wins first", "who keeps this plan"),
        (seen, "nobody", "Small wins first", "who keeps this plan"),
        (seen, who, "  ", "Say first why"),
        (seen, who, None, "Say first why"),
        (None, who, "Why", "did not come through"),
        ({**seen, "seq": "1"}, who, "Why", "did not come through"),
        ({**seen, "plan": "0" * 16}, who, "Why", "another plan than the one shown"),
        ({**seen, "seq": seen["seq"] - 1}, who, "Why", "The records changed since this plan was made"),
    ]
    for sent, role, why, words in refused:
        saved, said = _phasing_keeping.kept(opened, state, sent, role, why)
        assert words in text_of(said)
        assert not saved.done
    past = opened.state("/phasing", f"?as_of={TODAY - dt.timedelta(days=1)}")
    assert "the past is not changed" in text_of(_phasing_keeping.kept(opened, past, seen, who, "Why")[1])
    assert "cannot be kept here" in text_of(_phasing_keeping.panel(opened, past, seen["seq"], done))
    assert opened.store.last_seq == before

    by_command = decision_of(
        opened.store, done, Actor(MANAGER), "Small wins first", known_on=TODAY, seq=before
    )
    saved, said = _phasing_keeping.kept(opened, state, seen, who, "Small wins first")
    assert saved.done
    (kept,) = saved_plans(opened.store.plan())
    assert f"Kept as decision {kept.decision_id}" in text_of(said)
    stored = next(d for d in opened.store.plan()["decisions"] if d.id == kept.decision_id)
    assert stored == by_command
    assert kept.starts == done.outcome.starts
    change = opened.store.changes().row(-1, named=True)
    assert (change["actor"], change["reason"]) == (MANAGER, "Small wins first")

    again, told = _phasing_keeping.kept(opened, state, seen, who, "Small wins first")
    assert again is saved
    assert text_of(told) == text_of(said)
    assert len(saved_plans(opened.store.plan())) == 1
    compared = compare_with(opened.store, kept.decision_id, done, today=TODAY)
    assert compared.is_same_input
    assert "Nothing moved since the plan decided on 23 November 2026" in text_of(phasing.moved(opened, state))
    shown = next(d for d in remembered(opened.store, today=TODAY).decisions if d.id == kept.decision_id)
    assert PACKED not in shown.options
    assert f"--against {kept.decision_id}" in shown.options

    # The decision is a change of the store and no change of the problem: nothing is searched again.
    monkeypatch.setattr(workflow, "phase", lambda *_, **__: pytest.fail("searched again"))
    assert opened.phasing.plan(None, phasing.asked(state.extra)[0]).outcome is done.outcome


# ---- stopping ----
@pytest.fixture(scope="module")
def hard():
    """The county four times over: no proof within a minute."""
    plan = Plan(records())
    made = {t: list(plan[t]) for t in plan}
    for copy in "bcd":
        for item in plan["work_items"]:
            waits = tuple(f"{i}{copy}" for i in item.depends_on)
            made["work_items"].append(item.model_copy(update={"id": f"{item.id}{copy}", "depends_on": waits}))
        for table in ("item_agencies", "scores"):
            made[table] += [r.model_copy(update={"item_id": f"{r.item_id}{copy}"}) for r in plan[table]]
    return Plan(made)


def test_page_stops_its_own_search_ends_the_process_and_gets_the_best_found(hard, monkeypatch):
    begun = []
    start = solving._Process

    def watched():
        begun.append(start())
        return begun[-1]

    monkeypatch.setattr(solving, "_Process", watched)
    solving.end_waiting()
    work = PhasingWork(SimpleNamespace(plan=lambda **_: hard, last_seq=1), lambda: TODAY)
    settings = PhasingSettings(limit=300)
    found = {}
    asking = threading.Thread(target=lambda: found.update(done=work.plan(None, settings, ASK)))
    asking.start()
    assert not work.stop("b" * 32)
    until = time.monotonic() + 120
    while not begun or not begun[0].asked > 1:  # the relaxation is answered, and the search goes on
        assert time.monotonic() < until
        assert asking.is_alive()
        threading.Event().wait(0.05)
    assert work.stop(ASK)
    asking.join(60)
    assert not asking.is_alive()
    outcome = found["done"].outcome
    assert (outcome.status, outcome.stopped) == ("best found", "called off")
    assert outcome.seconds < 200
    assert outcome.starts
    assert not begun[0].lives
    assert "Best found when it was stopped" in found["done"].proof_words
    assert work.plan(None, settings, ASK).outcome is outcome
    assert not work.stop(ASK)
    assert work._found(("plan", None, settings.as_text(), TODAY, 1)) is None  # nobody else is shown it
    solving.end_waiting()

    # What comes after the plan, stopped before anything was tried: said to be open, never to be nought.
    stop = threading.Event()
    stop.set()
    choice = firmness(found["done"], cancel=stop)
    assert {c.firmness for c in choice.standings} == {"not settled"}
    assert not choice.is_complete
    assert "not settled" in text_of(_phasing_beyond._firm(choice, found["done"]))
    gains = more_days(found["done"], cancel=stop)
    assert gains == ()
    assert "What more days would buy was not worked out" in text_of(
        _phasing_beyond._more(gains, found["done"])
    )
