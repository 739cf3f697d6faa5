from partnership.charts.investment import Band, End, flows
from partnership.charts.investment_doubt import Doubt, doubt
from partnership.charts.investment_shares import RunOn, Shared, run_on, sharing
from partnership.charts.investment_sure import FanPoint, Moved, Position, fan, fans, tornado, worse_off
from partnership.charts.theme import TOKENS, alternative, mark_of

COU, ICB = mark_of("blue full square"), mark_of("turquoise full circle")
PAYERS = [End("COU", "Council <b>", "£3.00m", COU), End("ICB", "Care board", "£1.00m", ICB)]
GAINERS = [End("ICB", "Care board", "£2.50m", ICB), End("COU", "Council <b>", "£1.50m", COU)]
BANDS = [Band("COU", "ICB", 2e6), Band("COU", "COU", 1e6), Band("ICB", "ICB", 5e5), Band("ICB", "COU", 5e5)]


def named(figure, name):
    return [t for t in figure.data if t.name == name]


def ribbon(shape):
    """Thickness of a band at both ends, from its path."""
    numbers = [
        float(p.split(",")[1])
        for p in shape.path.replace("M", " ").replace("C", " ").replace("L", " ").replace("Z", "").split()
    ]
    return numbers[0] - numbers[7], numbers[3] - numbers[4]


def test_flows_are_as_thick_as_their_pounds_at_both_ends_and_only_the_story_is_coloured():
    figure = flows(BANDS, PAYERS, GAINERS, {("COU", "ICB"): "67p to the care board"})
    ribbons = [s for s in figure.layout.shapes if s.type == "path"]
    assert sorted(round(a, 3) for a, _ in map(ribbon, ribbons)) == [0.125, 0.125, 0.25, 0.5]
    assert all(abs(a - b) < 1e-4 for a, b in map(ribbon, ribbons))
    assert [s.fillcolor for s in ribbons].count(TOKENS["turquoise"]) == 1
    assert len(named(figure, "Flows")[0].hovertext) == len(BANDS)
    words = " ".join(str(a.text) for a in figure.layout.annotations)
    assert "67p to the care board" in words
    assert "Council &lt;b&gt;" in words
    assert "£4.00m of benefit" in alternative(figure)


def test_flows_keep_every_label_inside_the_picture():
    many = [End(f"A{i}", f"Agency {i}", "£1", COU) for i in range(12)]
    bands = [Band("COU", e.id, 1e6 if i == 0 else 100.0) for i, e in enumerate(many)]
    figure = flows(bands, PAYERS[:1], many, {})
    low, high = figure.layout.yaxis.range
    assert all(low < a.y < high for a in figure.layout.annotations if a.yref != "paper")


def test_worse_off_fills_a_square_for_five_futures_in_a_hundred():
    rows = [
        Position("Council", COU, -9e5, -6e5, -1e5, 0.92),
        Position("Care board", ICB, 4e5, 8e5, 1.4e6, 0.003),
    ]
    figure = worse_off(rows)
    assert [len(t.x) for t in named(figure, "Worse off")] == [18, 0]
    assert [tuple(t.x) for t in named(figure, "Range")] == [(-9e5, -1e5), (4e5, 1.4e6)]
    words = [a.text for a in figure.layout.annotations]
    assert "<b>92</b>" in words
    assert "<b>fewer than 1</b>" in words


def test_fans_draw_the_percentiles_they_are_given_on_one_scale():
    points = [FanPoint("2025/26", -5, -4, -3, -2, -1), FanPoint("2026/27", 1, 2, 3, 4, 5)]
    one = fan(points, "the whole")
    assert list(named(one, "Middle")[0].y) == [-3, 3]
    assert list(named(one, "P10 to P90")[0].y) == [-1, 5, 1, -5]
    each = fans([("Council", COU, points), ("Care board", ICB, points)])
    assert each.layout.yaxis.range == each.layout.yaxis2.range
    assert len(named(each, "Middle")) == 2


def test_tornado_bars_run_from_the_net_as_used_to_the_net_at_either_end():
    figure = tornado([Moved("Take-up", "50%", "70%", 4e5, 1.6e6)], 1e6)
    low, high = named(figure, "At its low end")[0], named(figure, "At its high end")[0]
    assert (low.base[0], low.x[0], high.x[0]) == (1e6, -6e5, 6e5)
    assert "£0.40m at 50%" in alternative(
        tornado([Moved("Take-up", "50%", "70%", 4e5, 1.6e6)], 1e6, unit="m")
    )


def test_sharing_has_a_tick_for_now_and_a_mark_for_every_method():
    rows = [
        Shared("Council", 1.8e6, {"Shapley": 1e6, "Nucleolus": 9e5}),
        Shared("Charity", 9e4, {"Shapley": -5e4, "Nucleolus": 1e4}),
    ]
    figure = sharing(rows, "Shapley")
    assert list(named(figure, "Pays now")[0].x) == [1.8e6, 9e4]
    assert list(named(figure, "Shapley")[0].x) == [1e6, -5e4]
    assert named(figure, "Shapley")[0].marker.size > named(figure, "Nucleolus")[0].marker.size


def test_run_on_dashes_what_has_no_funder_and_says_how_much():
    years = [
        RunOn("2027/28", 2e5, 1.5e5, 0, 3e5, True),
        RunOn("2028/29", 2e5, 0, 1.5e5, 4e5, True),
        RunOn("2029/30", 2e5, 0, 1.5e5, 0, False),
    ]
    figure = run_on(years, "2027/28")
    dashed = [s for s in figure.layout.shapes if s.line.dash == "dash"]
    assert [(s.y0, s.y1) for s in dashed] == [(2e5, 3.5e5), (2e5, 3.5e5)]
    assert "<b>£150,000</b>" in [a.text for a in figure.layout.annotations]
    assert list(named(figure, "No funder")[0].x) == ["2027/28", "2028/29", "2029/30*"]


def test_pictures_of_nothing_say_so():
    assert alternative(worse_off([])) == "No position to draw."
    assert run_on([]).layout.height


def test_doubt_draws_both_indices_with_their_intervals_and_noise_at_nil():
    figure = doubt([Doubt("Take-up", 0.3, 0.1, 0.4, 0.05), Doubt("Other", -0.02, 0.03, 0.01, 0.02)])
    assert list(named(figure, "In all")[0].x) == [0.4, 0.01]
    assert list(named(figure, "Alone")[0].x) == [0.3, 0.0]
    assert [[round(x, 6) for x in t.x] for t in named(figure, "Interval alone")] == [[0.2, 0.4], [0.0, 0.01]]
    assert [[round(x, 6) for x in t.x] for t in named(figure, "Interval in all")] == [
        [0.35, 0.45],
        [0.0, 0.03],
    ]
    assert "Take-up: alone 30%, in all 40%" in alternative(figure)
    assert alternative(doubt([]))
