"""The script that draws: of the version in use, whole, small, and asked for the way Dash asks."""

import hashlib
import re
from pathlib import Path

import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs_version

import partnership.charts
from dashboards.app import create_app
from partnership.charts.script import DRAWN, script
from partnership.charts.theme import picture_of
from partnership.store import open_store

ASKED = "/_dash-component-suites/plotly/package_data/plotly.min.js"


def test_script_is_of_the_version_of_the_library():
    said = re.search(r"plotly\.js \(basic - minified\) v([\d.]+)", script())[1]
    assert said == get_plotlyjs_version(), (
        f"partnership/charts/plotly_basic holds {said}, the plotly library {get_plotlyjs_version()}: "
        "take plotly.js-basic-dist-min of that version from npm"
    )


def test_script_is_as_published():
    published = "99784e3abfb07b142a15e521a439e6d9addceadb3f79553fd24c72774f0649ba"
    assert hashlib.sha256(script().encode()).hexdigest() == published
    assert "</script" not in script().lower()


@pytest.mark.parametrize("packed", [True, False])
def test_pages_are_sent_the_small_script_where_dash_asks_for_the_whole(tmp_path, packed):
    store = open_store(tmp_path / "empty.duckdb", mode="create")
    client = create_app(store).server.test_client()
    encoding = {"Accept-Encoding": "gzip" if packed else "identity"}
    answer = client.get(ASKED, headers=encoding)
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == ("gzip" if packed else None)
    assert len(answer.data) == (pytest.approx(395_000, rel=0.05) if packed else len(script().encode()))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = client.get(ASKED, headers={**encoding, "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(ASKED, headers={"Host": "elsewhere.example"}).status_code == 403
    store.close()


def test_picture_that_the_script_cannot_draw_is_refused():
    with pytest.raises(
        ValueError, match=r"A picture holds heatmap: the pages' script draws bar, pie, scatter"
    ):
        picture_of(go.Figure(go.Heatmap(z=[[1]])))
    assert picture_of(go.Figure(go.Bar(y=[1])))["data"][0]["type"] == "bar"


def test_every_chart_module_speaks_of_drawn_kinds_only():
    """A chart that names another kind of trace would be refused when it is shown: say so here already."""
    named = set()
    for path in Path(partnership.charts.__file__).parent.glob("*.py"):
        source = path.read_text("utf-8")
        named |= {
            n.lower() for n in re.findall(r"\bgo\.(Bar|Pie|Scatter\w*|Heatmap|Sankey|Box|Violin)\b", source)
        }
        named |= set(re.findall(r"\.add_(bar|pie|scatter\w*|heatmap|sankey|box|violin)\(", source))
    assert named, "no chart names a kind of trace: look for another spelling"
    assert named <= DRAWN
