"""Impact and effort of the work items, scored by eight agencies in two rounds on fixed anchors.

The second round gives the means of the mock-up; W05 splits the room in two, one agency dissents on W07, W01 is spread and W10 is
understood differently. W15 and W16 go on as they are, so nobody scores them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from partnership.prioritisation import Criterion, Score, ScoringRound

_AGENCIES = ("COU", "ICB", "POL", "MHT", "PRO", "SCH", "DAC", "YTH")

CRITERIA = (
    Criterion(
        id="IMPACT", axis="impact", name="What changes for people", weight=Decimal(1), anchor_0="None", anchor_5="Some people are safer, or sooner",
        anchor_10="Transforms what most people meet",
    ),
    Criterion(
        id="EFFORT", axis="effort", name="Cost, time, difficulty", weight=Decimal(1), anchor_0="Days, and no money", anchor_5="A year and £50,000",
        anchor_10="Years, and every agency must change",
    ),
)  # fmt: skip

SCORING_ROUNDS = (
    ScoringRound(
        id="R1", opened_on=date(2026, 9, 14), closed_on=date(2026, 10, 2), revealed_on=date(2026, 10, 14),
        stopping_rule="Two rounds. A third only where the type of disagreement of an item changes between them.",
    ),
    ScoringRound(id="R2", opened_on=date(2026, 10, 15), closed_on=date(2026, 11, 18), revealed_on=date(2026, 11, 18)),
)  # fmt: skip

# Round 2, by agency: COU ICB POL MHT PRO SCH DAC YTH. Means of eight as on the mock-up.
_IMPACT = {
    "W01": (9.8, 9.6, 8.4, 8.9, 6.4, 8.0, 8.1, 9.6), "W02": (7.6, 7.2, 7.4, 7.9, 7.0, 7.3, 7.4, 7.4), "W03": (9.2, 8.8, 9.0, 8.7, 8.6, 8.9, 9.0, 9.0),
    "W04": (6.5, 6.4, 7.1, 6.8, 6.4, 6.3, 6.6, 6.7), "W05": (8.6, 8.2, 2.9, 8.0, 2.6, 8.3, 3.2, 7.8), "W06": (7.2, 6.9, 6.8, 7.0, 6.7, 7.8, 7.1, 7.3),
    "W07": (8.4, 8.3, 8.8, 4.6, 8.2, 8.1, 8.3, 8.5), "W08": (5.8, 5.6, 5.7, 5.8, 5.9, 5.5, 6.6, 6.3), "W09": (5.7, 5.9, 5.4, 5.6, 5.4, 5.5, 5.7, 5.6),
    "W10": (7.2, 5.4, 3.1, 3.0, 4.4, 6.0, 2.2, 4.7), "W11": (4.4, 4.3, 4.8, 4.5, 5.2, 4.2, 5.0, 4.4), "W12": (4.2, 4.1, 4.2, 4.3, 4.3, 4.9, 4.4, 4.8),
    "W13": (3.6, 3.2, 3.4, 3.2, 3.1, 3.3, 3.3, 3.3), "W14": (3.4, 3.2, 3.0, 3.1, 3.1, 3.4, 3.3, 3.1),
}  # fmt: skip
_EFFORT = {
    "W01": (6.2, 8.6, 8.8, 9.4, 9.6, 6.5, 8.7, 7.8), "W02": (7.4, 7.1, 7.0, 7.3, 7.2, 7.1, 7.2, 7.3), "W03": (2.0, 2.2, 2.4, 2.1, 2.0, 2.0, 2.1, 2.0),
    "W04": (2.6, 2.5, 2.9, 2.6, 2.6, 2.5, 2.6, 2.5), "W05": (4.6, 5.0, 8.2, 4.8, 8.4, 4.9, 7.9, 5.2), "W06": (4.0, 4.1, 4.1, 4.2, 4.2, 4.7, 4.2, 4.1),
    "W07": (5.8, 5.9, 5.6, 7.4, 5.9, 5.7, 5.8, 5.9), "W08": (3.1, 2.9, 2.8, 3.0, 2.9, 2.8, 2.8, 2.9), "W09": (3.8, 4.3, 3.9, 4.0, 3.8, 3.7, 3.9, 3.8),
    "W10": (3.2, 4.9, 7.0, 7.2, 6.1, 4.4, 7.6, 5.2), "W11": (7.9, 8.0, 8.3, 8.0, 8.5, 7.9, 8.2, 8.0), "W12": (1.9, 1.8, 1.8, 1.8, 1.8, 1.9, 1.7, 1.7),
    "W13": (1.6, 1.2, 1.3, 1.3, 1.2, 1.3, 1.2, 1.3), "W14": (3.8, 3.6, 3.5, 3.6, 3.6, 3.4, 3.6, 3.7),
}  # fmt: skip
_KEPT = ("W15", "W16")

_NOTES = {
    ("W05", "IMPACT", "DAC"): "Would lose a meeting that knows its subject",
    ("W05", "IMPACT", "PRO"): "High-risk cases need their own time",
    ("W05", "IMPACT", "COU"): "The same people, twice, in two rooms",
    ("W07", "IMPACT", "MHT"): "Most contacts are already known to the hub",
    ("W08", "EFFORT", "YTH"): "Licence cost now known",
    ("W10", "IMPACT", "DAC"): "Read as meetings with the person who harms in the room",
    ("W01", "EFFORT", "COU"): "Council's part only",
}  # fmt: skip


def _before(item: str, criterion: str, agency: str, score: float) -> float:
    """Return a blind score of the first round: further from 5 or nearer to it by a fixed small step."""
    if (item, criterion, agency) == ("W08", "EFFORT", "YTH"):
        return 3.4
    step = ((sum(map(ord, item + criterion + agency)) % 5) - 2) * 0.3
    return min(10.0, max(0.0, round(score + step, 1)))


def _scores() -> Iterator[Score]:
    for number, day in (("R1", date(2026, 9, 28)), ("R2", date(2026, 11, 16))):
        for criterion, table in (("IMPACT", _IMPACT), ("EFFORT", _EFFORT)):
            for item, scores in table.items():
                for agency, final in zip(_AGENCIES, scores, strict=True):
                    score = final if number == "R2" else _before(item, criterion, agency, final)
                    last = (number, item, criterion, agency) == ("R2", "W08", "EFFORT", "YTH")
                    yield Score(
                        item_id=item, criterion_id=criterion, round_id=number, agency_id=agency, scorer_role_id=f"R-{agency}-SCORE",
                        score=Decimal(str(score)), confidence=2 if agency in {"YTH", "SCH"} else 4,
                        note=_NOTES.get((item, criterion, agency)) if number == "R2" else None, scored_on=date(2026, 11, 18) if last else day,
                    )  # fmt: skip
            for item in _KEPT if number == "R2" else ():
                for agency in _AGENCIES:
                    yield Score(
                        item_id=item, criterion_id=criterion, round_id=number, agency_id=agency, scorer_role_id=f"R-{agency}-SCORE",
                        abstained=True, note="Goes on as it is: nothing to decide", scored_on=day,
                    )  # fmt: skip


SCORES = tuple(_scores())
