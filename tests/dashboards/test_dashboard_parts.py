"""Parts: what every page is made of says what it must to those who do not see it."""

import json

import plotly.graph_objects as go
import polars as pl
import pytest
from dash import html

from dashboards import parts
from dashboards.data import Partner
from dashboards.parts import Col
from dashboards.urls import State
from partnership.charts.theme import Sketch, mark_of
from partnership.errors import StoreError


def tree(component):
    return json.loads(json.dumps(component.to_plotly_json(), default=lambda o: o.to_plotly_json()))


def found(component, kind):
    """Every component of a kind inside one, itself too."""
    node = tree(component) if not isinstance(component, dict) else component
    out = []

    def walk(n):
        if isinstance(n, list):
            for item in n:
                walk(item)
        elif isinstance(n, dict) and "type" in n:
            if n["type"] == kind:
                out.append(n["props"])
            walk(n["props"].get("children"))

    walk(node)
    return out


def words(component):
    out = []

    def walk(n):
        if isinstance(n, list):
            for item in n:
                walk(item)
        elif isinstance(n, dict):
            walk(n["props"].get("children"))
        elif n is not None:
            out.append(str(n))

    walk(tree(component))
    return " ".join(out)


def test_panel_is_a_section_named_by_its_sentence():
    made = parts.panel(
        "Two gaps are closing", html.Div("picture"), key="gaps", sub="By review.", source="Returns."
    )
    section = found(made, "Section")[0]
    assert section["aria-labelledby"] == found(made, "H2")[0]["id"] == "gaps-title"
    assert words(made) == "Two gaps are closing By review. picture Returns."


def test_panel_puts_the_twin_after_the_source():
    made = parts.panel("A", html.Div("picture"), parts.twin(html.Div("rows")), key="a", source="Source.")
    assert words(made).endswith("Source. Show the numbers rows")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("on plan", "good"), ("kept late", "bad"), ("overdue", "bad"), ("withheld since June", "none"),
        ("suppressed", "none"), ("provisional", "prov"), ("no change", "flat"), ("not started", "flat"),
        ("Partial", "none"),
    ],
)  # fmt: skip
def test_state_has_a_word_and_a_shape(word, kind):
    made = found(parts.state_word(word), "Span")[0]
    assert made == {"children": word, "className": f"state {kind}"}


def test_state_of_a_measure_without_polarity_can_be_kept_flat():
    assert found(parts.state_word("off plan", "flat"), "Span")[0]["className"] == "state flat"


def test_badge_says_its_name_to_those_who_ask():
    partner = Partner(
        "P", "POL", "Police", "Police", mark_of("pink full triangle-up"), "pink full triangle-up", True
    )
    made = found(parts.badge(partner), "Abbr")[0]
    assert made["className"] == "ag pink full"
    assert made["title"] == "Police"


def test_picture_has_its_alternative_and_can_send_nothing():
    sketch = Sketch("Gap chart. The ends are 1,000 times apart.", height=210)
    sketch.add_trace({"type": "scatter", "x": [1], "y": [1]})
    made = parts.picture(sketch.figure(), key="gap", wide=900)
    graph = found(made, "Graph")[0]
    assert graph["config"]["showSendToCloud"] is False
    assert graph["config"]["displayModeBar"] is False
    assert isinstance(graph["figure"], dict)
    assert graph["style"]["height"] == "210px"
    image = next(d for d in found(made, "Div") if d.get("role") == "img")
    assert image["aria-label"] == "Gap chart. The ends are 1,000 times apart."
    box = next(d for d in found(made, "Div") if d.get("tabIndex") == "0")
    assert box["aria-label"] == "Picture: Gap chart"


def test_picture_takes_a_plain_figure_without_alternative():
    assert found(parts.picture(go.Figure(), key="x"), "Graph")[0]["style"]["height"] == "320px"


def test_table_heads_its_rows_and_columns():
    frame = pl.DataFrame({"agency": ["Police", None], "amount": [1250.5, None]})
    made = parts.table(
        frame,
        [Col("agency", "Agency"), Col("amount", "Amount", numeric=True)],
        caption="Paid",
        foot=["All", "1,250.5"],
    )
    heads = found(made, "Th")
    assert [h["scope"] for h in heads] == ["col", "col", "row", "row", "row"]
    assert words(made) == "Paid Agency Amount Police 1,250.5   All 1,250.5"
    assert found(made, "Div")[0]["aria-label"] == "Paid"


def test_user_text_is_text_and_never_mark_up():
    frame = pl.DataFrame({"title": ["<img src=x onerror=alert(1)>"]})
    made = tree(parts.table(frame, [Col("title", "Title")]))
    assert "DangerouslySetInnerHTML" not in json.dumps(made)
    assert "<img src=x" in json.dumps(made)


def test_failed_panel_says_so_and_nothing_of_the_data():
    def broken():
        msg = "secret 943 476 5919"
        raise StoreError(msg)

    made = parts.guarded(broken, "gap")
    assert "943" not in words(made)
    assert "The store could not be read: StoreError." in words(made)
    assert found(made, "Div")[0]["role"] == "alert"


def test_empty_panel_has_a_title_a_sentence_and_no_axes():
    made = parts.empty("No promises", "Nothing has been promised yet.", key="p")
    assert words(made) == "No promises Nothing has been promised yet."
    assert not found(made, "Graph")


def test_download_links_name_what_they_give():
    links = found(parts.download_links(State("/", agency_id="POL"), "promises"), "A")
    assert [a["href"] for a in links] == [
        "/download/promises.csv?agency=POL",
        "/download/promises.xlsx?agency=POL",
    ]
    assert all(a["aria-label"].startswith("Download these rows as ") for a in links)


def test_gap_of_two_goals_on_one_measure_is_the_one_that_the_address_names():
    from dashboards.pages.expectation_gaps import _chosen, _others

    rows = [("M1", "G1"), ("M1", "G2"), ("M2", "G1")]
    gaps = pl.DataFrame({"measure_id": [m for m, _ in rows], "goal_id": [g for _, g in rows],
                         "measure_name": ["Cases", "Cases", "Hours"], "goal_title": ["One", "Two", "One"]})  # fmt: skip
    here = State("/expectation-gaps", extra={"measure": "M1", "under": "G2"})
    chosen = _chosen(gaps, here)
    assert (chosen["measure_id"], chosen["goal_id"]) == ("M1", "G2")
    assert _chosen(gaps, State("/expectation-gaps", extra={"measure": "M1"}))["goal_id"] == "G1"
    links = {link.children: link.href for link in _others(gaps, here, chosen).children[3:]}
    assert set(links) == {"Cases (One)", "Hours"}
    assert links["Cases (One)"].endswith("measure=M1&under=G1")
    assert "under" not in links["Hours"]
