"""Tables that only show are sent as one component: the same words, nothing that could run, nothing lost."""

import dash_mantine_components as dmc
import pytest
from dash import dcc, html

from dashboards.still import Still, still

HOSTILE = '<img src=x onerror="alert(1)">&'


def table_of(*cells):
    return html.Table([html.Caption("What"), html.Tbody([html.Tr([html.Td(c) for c in cells])])])


def test_words_and_attributes_are_escaped():
    cell = html.Span(HOSTILE, title=HOSTILE, className='a"b', style={"--w": '1" onclick="x'})
    made = still(table_of(cell, HOSTILE))
    assert isinstance(made, Still)
    assert "<img" not in made.inner
    assert made.inner.count("&lt;img src=x") == 3
    assert 'class="a&quot;b"' in made.inner
    assert '" onclick' not in made.inner


def test_numbers_lists_and_nothing_are_written_as_the_browser_would():
    made = still(table_of(5, None, ["a", html.Br(), 0.5], [], True))
    assert made.inner == (
        "<caption>What</caption><tbody><tr><td>5</td><td></td><td>a<br>0.5</td><td></td><td></td></tr></tbody>"
    )


def test_link_keeps_its_address_and_is_followed_without_a_new_load():
    made = still(table_of(dcc.Link("5,000", href="/rows?view=a&b=c", className="num")))
    assert '<a href="/rows?view=a&amp;b=c" class="num" data-still="">5,000</a>' in made.inner


@pytest.mark.parametrize(
    "cell",
    [
        dcc.Input(id="x"), html.Button("Save", id="save"), html.Span("5", id="told"), dmc.Badge("a"), dcc.Link("a", href="javascript:alert(1)"),
        html.A("a", href="data:text/html,x"), html.Span("a", style={"color": "red;background:url(x)"}), html.Span("a", n_clicks=0),
        html.Script("x"), html.Iframe(src="/x"),
    ],
)  # fmt: skip
def test_table_with_anything_else_in_it_stays_as_it_is(cell):
    whole = table_of("a", cell)
    made = still([html.Div(whole)])
    assert made[0].children is whole


def test_every_table_of_a_page_is_found_and_the_rest_is_as_it_was():
    page = html.Div([html.P("a"), html.Details([html.Summary("More"), html.Div(table_of("b"))]), "c", None])
    made = still((page, None, "x"))
    assert made[1:] == [None, "x"]
    assert isinstance(page.children[1].children[1].children, Still)
    assert (page.children[0].children, page.children[2:]) == ("a", ["c", None])


def test_what_was_made_still_stays_so():
    page = still(html.Div(table_of("b")))
    inner = page.children.inner
    assert still(page).children.inner == inner
