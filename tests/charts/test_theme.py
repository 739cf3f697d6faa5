"""The theme: the same tokens as the style sheet, marks that never change, nothing that leaves the machine."""

import re
from pathlib import Path

import plotly.graph_objects as go
import plotly.io as pio
import polars as pl
import pytest

import dashboards
from partnership.charts import theme
from partnership.errors import InvalidInput
from partnership.partners import MARKS

SHEET = (Path(dashboards.__file__).parent / "assets" / "10_tokens.css").read_text(encoding="utf-8")


def contrast(one, other):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", sorted(theme.TOKENS))
def test_token_is_the_style_sheets(name):
    assert f"--{name}: {theme.TOKENS[name]};" in SHEET


def test_style_sheet_names_no_colour_that_is_no_token():
    declared = set(re.findall(r"--[a-z0-9-]+: (#[0-9a-f]{6});", SHEET))
    assert declared - set(theme.TOKENS.values()) == {"#ffdd00"}


@pytest.mark.parametrize("ink", ["ink", "ink-2", "ink-3"])
def test_text_colours_reach_contrast_for_small_text(ink):
    for ground in ("paper", "wash"):
        assert contrast(theme.TOKENS[ink], theme.TOKENS[ground]) >= 4.5


@pytest.mark.parametrize("mark", MARKS)
def test_mark_of_the_register_is_drawn_with_edge_and_readable_ink(mark):
    drawn = theme.mark_of(mark)
    assert contrast(drawn.edge, "#ffffff") >= 2.9 or drawn.edge == theme.TOKENS["orange"]
    assert contrast(drawn.ink, drawn.fill) >= 4.5 or drawn.fill == theme.TOKENS["edge"]
    go.Scatter(x=[1], y=[1], marker=theme.outlined(drawn, 12))


def test_two_agencies_never_share_a_mark():
    seen = [(m.fill, m.edge, m.symbol, m.width) for m in map(theme.mark_of, MARKS)]
    assert len(set(seen)) == len(seen)


def test_template_is_registered_once_and_has_no_title():
    template = pio.templates[theme.TEMPLATE]
    assert template.layout.font.size == 15
    assert template.layout.colorway[0] == theme.TOKENS["blue"]
    assert template.layout.title.text is None


def test_config_sends_nothing_anywhere():
    assert theme.CONFIG["showSendToCloud"] is False
    assert theme.CONFIG["displaylogo"] is False
    assert theme.CONFIG["displayModeBar"] is False
    assert "Share" not in pio.to_html(go.Figure(), config=theme.CONFIG, include_plotlyjs=False)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("R&D", "R&amp;D"),
        ('<a href="https://evil.example">pay</a>', '&lt;a href="https://evil.example"&gt;pay&lt;/a&gt;'),
        ("%{x}", "%&#123;x}"),
    ],
)
def test_text_that_plotly_would_run_is_escaped(typed, shown):
    assert theme.safe(typed) == shown


def test_checked_names_every_absent_column():
    with pytest.raises(InvalidInput, match="'b', 'c'"):
        theme.checked(pl.DataFrame({"a": [1]}), "a", "b", "c")


def test_sketch_makes_the_figure_it_was_told():
    sketch = theme.Sketch("A line.", height=120)
    sketch.add_trace(theme.scatter(x=[1, 2], y=[3, 4], name="line"))
    sketch.add_annotation(text="here", x=1, y=3)
    sketch.add_shape(type="line", x0=0, x1=1, y0=0, y1=1)
    figure = sketch.figure()
    assert figure.data[0].y == (3, 4)
    assert figure.layout.annotations[0].text == "here"
    assert len(figure.layout.shapes) == 1
    assert figure.layout.height == 120
    assert theme.alternative(figure) == "A line."
    assert figure.layout.template.layout.font.size == 15


def test_sketch_refuses_what_plotly_does_not_know():
    sketch = theme.Sketch("A line.", height=120)
    sketch.add_trace(theme.scatter(x=[1], y=[1], colour="red"))
    with pytest.raises(ValueError, match="colour"):
        sketch.figure()
