"""Rounds open, close and reveal in order, and their stopping rule stays as declared."""

from __future__ import annotations

import io

import pytest
from blind_plan import DAY, FRS, JO, RULE, Clock, criteria, scored, small_store
from typer.testing import CliRunner

from partnership._workflows.checking import plan_guard
from partnership._workflows.editing import NotSaved, save_rows, undo_rows
from partnership._workflows.scoring import save_scores
from partnership._workflows.scoring_rounds import close_round, open_round, reveal_round, round_of
from partnership.cli import app
from partnership.errors import InvalidInput, UnknownName
from partnership.prioritisation import ScoringRound
from partnership.store.protocol import Refused
from partnership.tables import frame
from partnership.workflows import check_file
from tests.plans.small_plan import small_frames, write_plan


def test_rounds_open_close_and_reveal_in_order_and_say_so_when_not(tmp_path):
    clock = Clock()
    with small_store(tmp_path / "plan.duckdb", clock) as store:
        with pytest.raises(InvalidInput, match="stopping rule"):
            open_round(store, "R1", JO, "First", today=clock.day)
        open_round(store, "R1", JO, "First", stopping_rule=RULE, today=clock.day)
        with pytest.raises(InvalidInput, match="Reveal it before"):
            open_round(store, "R2", JO, "Second", today=clock.day)
        with pytest.raises(UnknownName):
            save_scores(store, FRS, "R9", [], JO, "No round", today=clock.day)
        close_round(store, "R1", JO, "Closed", today=clock.day)
        with pytest.raises(NotSaved, match="takes no scores"):
            save_scores(store, FRS, "R1", scored([("clear", "I", "4", None)]), JO, "Late", today=clock.day)
        with pytest.raises(InvalidInput, match="cannot be closed"):
            close_round(store, "R1", JO, "Again", today=clock.day)
        reveal_round(store, "R1", JO, "Shown", today=clock.day)
        with pytest.raises(InvalidInput, match="cannot be revealed"):
            reveal_round(store, "R1", JO, "Again", today=clock.day)
        with pytest.raises(InvalidInput, match="stays as it is"):
            open_round(store, "R2", JO, "Second", stopping_rule="Another rule", today=clock.day)
        open_round(store, "R2", JO, "Second", today=clock.day)
        assert round_of(store, "R2", today=clock.day).stopping_rule == RULE
        assert [r["reason"] for r in store.changes().iter_rows(named=True)][-4:] == [
            "First",
            "Closed",
            "Shown",
            "Second",
        ]
        assert store.history("scoring_rounds", "R1").height == 3


def test_round_closed_a_moment_before_the_save_is_refused_inside_the_lock(tmp_path, monkeypatch):
    from partnership._workflows import scoring

    clock = Clock()
    with small_store(tmp_path / "plan.duckdb", clock) as store:
        open_round(store, "R1", JO, "First", stopping_rule=RULE, today=clock.day)
        monkeypatch.setattr(
            scoring, "_faults", lambda *_: close_round(store, "R1", JO, "Just now", today=clock.day) and []
        )
        with pytest.raises(Refused, match="takes no scores"):
            save_scores(store, FRS, "R1", scored([("clear", "I", "4", None)]), JO, "Late", today=clock.day)
        assert store.own_scores(FRS).is_empty()


def test_workbook_that_changes_the_stopping_rule_is_refused(own):
    store, clock = own
    frames = small_frames()
    frames["criteria"] = frame(criteria(), "criteria")
    frames["scoring_rounds"] = frame(
        [ScoringRound(id="R1", opened_on=DAY[0], stopping_rule="Until we agree")], "scoring_rounds"
    )
    buffer = io.BytesIO()
    write_plan(buffer, frames)
    done = check_file(buffer.getvalue(), "rule.xlsx", store=store, today=clock.day)
    assert "S10-stopping-rule" in {f.code for f in done.findings}
    assert not done.acceptable


def test_stopping_rule_stays_as_declared_by_every_road(own, tmp_path):
    """By hand on a page, undone, by workbook past its own check, taken out, with no guard at all, by command."""
    from partnership._workflows.editing import Edit
    from partnership.store.stopping_rules import CODE

    store, clock = own
    version = int(store.table("scoring_rounds")["row_version"][0])
    before = store.last_seq

    def refused(do):
        with pytest.raises(Refused) as caught:
            do()
        assert [f.code for f in caught.value.findings] == [CODE]
        assert "stays" in caught.value.findings[0].do

    for changed in ("Until we agree", None):
        edit = Edit({"stopping_rule": changed or ""}, "R1", version)
        refused(lambda edit=edit: save_rows(store, "scoring_rounds", [edit], JO, "Another rule"))
    second = Edit({"id": "R2", "opened_on": str(DAY[3]), "stopping_rule": "Until we agree"})
    refused(lambda: save_rows(store, "scoring_rounds", [second], JO, "A rule of its own"))
    refused(lambda: undo_rows(store, "scoring_rounds", {"R1": version}, JO, "Never opened"))
    row = store.table("scoring_rounds").row(0, named=True)
    record = ScoringRound(**{f: row[f] for f in ScoringRound.model_fields})
    other = {
        "scoring_rounds": frame(
            [record.model_copy(update={"stopping_rule": "Until we agree"})], "scoring_rounds"
        )
    }
    refused(lambda: store.accept(other, actor=JO, reason="Past the check", guard=plan_guard(other)))
    refused(
        lambda: store.accept(
            {}, removed={"scoring_rounds": ["R1"]}, actor=JO, reason="Gone", guard=plan_guard({})
        )
    )
    refused(lambda: store.accept(other, actor=JO, reason="By one who brings no guard"))
    refused(lambda: store.accept({}, removed={"scoring_rounds": ["R1"]}, actor=JO, reason="Nor here"))
    own_rule = ScoringRound(id="R2", opened_on=DAY[3], stopping_rule="Until we agree")
    second_round = {"scoring_rounds": frame([own_rule], "scoring_rounds")}
    refused(lambda: store.accept(second_round, actor=JO, reason="Nor with a second round"))
    assert store.last_seq == before
    assert store.table("scoring_rounds").row(0, named=True)["stopping_rule"] == record.stopping_rule
    close_round(store, "R1", JO, "Closed", today=clock.day)
    reveal_round(store, "R1", JO, "Shown", today=clock.day)
    store.backup(tmp_path / "copy.duckdb")
    words = [
        "round",
        "open",
        "R2",
        "--stopping-rule",
        "Until we agree",
        "--store",
        str(tmp_path / "copy.duckdb"),
    ]
    done = CliRunner().invoke(app, words)
    assert done.exit_code != 0
    assert "stays as it is" in " ".join(done.output.split())
