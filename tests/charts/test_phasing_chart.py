import datetime as dt

from partnership.charts.phasing import timeline
from partnership.charts.theme import TOKENS, alternative, mark_of

QUARTERS = tuple(dt.date(2027 + n // 4, 1 + 3 * (n % 4), 1) for n in range(4))
ROWS = [
    {"item_id": "W1", "title": "One <b>case</b>", "lead_agency_id": "POL", "first": 0, "last": 0, "is_small_win": True, "felt_by": ("POL", "COU"), "waits_for": ()},
    {"item_id": "W2", "title": "Front door", "lead_agency_id": "COU", "first": 1, "last": 3, "is_small_win": False, "felt_by": (), "waits_for": ("W1",)},
    {"item_id": "W3", "title": "Review", "lead_agency_id": None, "first": 3, "last": 3, "is_small_win": False, "felt_by": (), "waits_for": ()},
]  # fmt: skip
MARKS = {"POL": mark_of("pink full triangle-up"), "COU": mark_of("blue full square")}


def test_timeline_has_a_bar_an_item_from_its_first_quarter_as_long_as_it_runs():
    figure = timeline(ROWS, QUARTERS, MARKS, {"POL": "POL", "COU": "COU"}, 2)
    bars = [t for t in figure.data if t.name == "Runs"]
    assert [(round(t.base[0]), round(t.base[0] + t.x[0])) for t in bars] == [(0, 1), (1, 4), (3, 4)]
    assert [t.y[0] for t in bars] == [2, 1, 0]
    assert [t.marker.color for t in bars] == [TOKENS["pink"], TOKENS["blue"], TOKENS["paper"]]
    assert bars[2].marker.pattern.shape == "/"
    said = [a.text for a in figure.layout.annotations]
    assert "small win, felt by POL, COU" in said
    assert "after W1" in said
    assert any("&lt;b&gt;case" in t for t in said)
    assert "<b>nobody leads</b>" in said
    assert {"2026/27", "2027/28"} <= set(said)
    shaded = [s for s in figure.layout.shapes if s.type == "rect"]
    assert [(s.x0, s.x1) for s in shaded] == [(0, 2)]
    alt = alternative(figure)
    assert "Front door: April 2027 to December 2027, led by COU" in alt
    assert "led by nobody" in alt


def test_timeline_without_items_says_so():
    assert alternative(timeline([], QUARTERS, {}, {}, 0)) == "No item is in the plan."
