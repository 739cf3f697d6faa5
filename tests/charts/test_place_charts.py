"""The picture of places adds to one bar by bar and says close calls in words."""

import pytest

from partnership.charts.prioritisation import Placed, places_taken
from partnership.charts.theme import TOKENS, alternative, picture_of
from partnership.errors import InvalidInput

BANDS = ["1st to 3rd", "4th to 6th", "7th to 9th"]
ROWS = [
    Placed("W1 One <b>case</b>", "1", False, (0.999, 0.001, 0.0)),
    Placed("W2 Front door", "2 to 3", True, (0.6, 0.35, 0.05)),
]


def test_bars_add_to_the_whole_in_the_order_of_places_and_close_calls_are_words():
    figure = places_taken(ROWS, BANDS)
    assert [t.name for t in figure.data] == BANDS
    assert figure.layout.barmode == "stack"
    assert [sum(t.x[i] for t in figure.data) for i in (0, 1)] == pytest.approx([100, 100])
    assert [t.text for t in figure.data] == [("more than 99%", "60%"), ("", "35%"), ("", "")]
    assert [t.marker.color for t in figure.data] == [TOKENS[c] for c in ("blue", "grey", "blue-tint")]
    assert all(t.marker.line.width for t in figure.data)  # runs are parted by a line, not by colour alone
    said = [a.text for a in figure.layout.annotations]
    assert "2 to 3, close call" in said
    assert "1" in said
    assert any("&lt;b&gt;case" in t for t in said)
    assert "W2 Front door: place 2 to 3, too close to call; 1st to 3rd in 60%" in alternative(figure)
    assert "1st to 3rd in more than 99% and 4th to 6th in under 1% of draws" in alternative(figure)
    picture_of(figure)  # refuses what the pages' script cannot draw


def test_no_item_many_bands_and_shares_that_do_not_fit_are_words():
    assert alternative(places_taken([], BANDS)) == "No item has a place yet."
    with pytest.raises(InvalidInput, match="5 runs of places"):
        places_taken([], ["1", "2", "3", "4", "5"])
    with pytest.raises(InvalidInput, match="W3"):
        places_taken([Placed("W3", "1", False, (0.5, 0.2, 0.1))], BANDS)
