"""A pack as one HTML file that needs nothing else: its pictures are drawn by the plotly.js inside it.

Nothing may be fetched: the file's own policy forbids every connection. Texts of people are escaped, in the
page, in the pictures and in the style sheet that writes the foot of every sheet of paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from partnership._reports.blocks import (
    Beside,
    Block,
    Items,
    Note,
    Picture,
    Question,
    Say,
    Section,
    Source,
    Table,
)
from partnership.charts.script import script
from partnership.charts.theme import alternative, picture_of

if TYPE_CHECKING:
    import plotly.graph_objects as go

__all__ = ["Drawn", "css_text", "page_of"]

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src 'none'; connect-src 'none'; form-action 'none'; base-uri 'none'"
)
_DRAW = """
(function () {
  var figures = JSON.parse(document.getElementById("figures").textContent);
  Object.keys(figures).forEach(function (key) {
    var place = document.getElementById(key), drawn = figures[key];
    try {
      Plotly.newPlot(place, drawn.data, drawn.layout, {staticPlot: true, displayModeBar: false, responsive: false})
        .catch(failed);
    } catch (error) { failed(); }
    function failed() { place.textContent = "This picture could not be drawn: " + place.getAttribute("aria-label"); }
  });
})();
"""


class Drawn:
    """The figures of a page: each is given a place, and all are written once at the end."""

    def __init__(self) -> None:
        self._figures: dict[str, str] = {}

    def place(self, figure: go.Figure, wide: int, high: int | None = None) -> str:
        """Return the place that a figure is drawn in, with what it shows for those who do not see it."""
        key = f"picture-{len(self._figures) + 1}"
        high = high or int(figure.layout.height or 320)
        shown = type(figure)(figure).update_layout(width=wide, height=high, autosize=False)
        picture_of(shown)  # refuses what the script cannot draw
        self._figures[key] = shown.to_json()
        alt = escape(alternative(figure), quote=True)
        return f'<div class="picture" id="{key}" role="img" aria-label="{alt}" style="width:{wide}px;height:{high}px"></div>'

    def script(self) -> str:
        """Return the figures and the script that draws them; nothing where there is none."""
        if not self._figures:
            return ""
        figures = ",".join(f'"{k}":{v}' for k, v in self._figures.items())
        safe = figures.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        return (
            f'<script type="application/json" id="figures">{{{safe}}}</script>'
            f"<script>{_plotly_js()}</script><script>{_DRAW}</script>"
        )


@cache
def _plotly_js() -> str:
    return re.sub(r"</(script)", r"<\\/\1", script(), flags=re.IGNORECASE)


def css_text(text: str) -> str:
    r"""Return a text as a string of a style sheet: nothing in it can end the string or the sheet.

    Examples
    --------
    >>> print(css_text('Police "A" </style>'))
    "Police \22 A\22  \3c /style>"
    """
    risky = re.compile(r'["\\<\x00-\x1f\x7f]')
    return '"' + risky.sub(lambda found: f"\\{ord(found[0]):x} ", text) + '"'


def page_of(title: str, head: str, foot: str, sections: Sequence[Section], closing: str = "") -> str:
    """Return a pack as HTML.

    Parameters
    ----------
    title : str
        Title of the file.
    head : str
        What stands at the top of the first sheet, as HTML.
    foot : str
        What stands at the foot of every sheet: the filters, the day, what is withheld.
    sections : Sequence[Section]
        In their order.
    closing : str
        What stands at the end, as HTML.
    """
    drawn = Drawn()
    body = "".join(_section(s, drawn, first=n == 0) for n, s in enumerate(sections))
    style = files("partnership").joinpath("_reports", "pack.css").read_text(encoding="utf-8")
    style = style.replace('"FOOT"', css_text(foot))
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY, quote=True)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>\n"
        f"<body><main>{head}{body}{closing}</main>{drawn.script()}</body></html>\n"
    )


def _section(section: Section, drawn: Drawn, *, first: bool) -> str:
    key = escape(section.key, quote=True)
    label = f'<p class="label">{escape(section.label)}</p>' if section.label else ""
    title = f'<h2 id="{key}-title">{escape(section.title)}</h2>'
    blocks = "".join(_block(b, drawn) for b in section.blocks)
    css = f"section{' first' if first else ''}{' quiet' if section.quiet else ''}"
    return (
        f'<section class="{css}" id="{key}" aria-labelledby="{key}-title">{label}{title}{blocks}</section>\n'
    )


def _block(block: Block, drawn: Drawn) -> str:  # noqa: PLR0911 - one kind, one line
    match block:
        case Say():
            strong = f"<strong>{escape(block.strong)}</strong>" if block.strong else ""
            return f'<p class="{"then" if block.small else "say"}">{strong}{escape(block.rest)}</p>'
        case Note():
            return f'<div class="note{" partial" if block.partial else ""}"><p>{escape(block.text)}</p></div>'
        case Source():
            return f'<p class="source">{escape(block.text)}</p>'
        case Picture():
            return f"<figure>{drawn.place(block.figure, block.wide, block.high)}</figure>"
        case Table():
            return _table(block)
        case Items():
            return _items(block)
        case Question():
            return _question(block, drawn)
        case Beside():
            left, right = ("".join(_block(b, drawn) for b in side) for side in (block.left, block.right))
            return f'<div class="beside"><div>{left}</div><div>{right}</div></div>'


def _table(block: Table) -> str:
    def cells(row: Iterable[str], tag: str) -> str:
        made = []
        for at, text in enumerate(row):
            kind = ' class="num"' if at in block.numeric else ' class="tight"' if at in block.tight else ""
            heads = tag == "th"
            name, scope = (
                ("th", ' scope="col"') if heads else ("th", ' scope="row"') if at == 0 else ("td", "")
            )
            made.append(f"<{name}{scope}{kind}>{escape(text)}</{name}>")
        return "".join(made)

    strong = (' class="strong"' if at in block.strong else "" for at in range(len(block.rows)))
    body = "".join(f"<tr{s}>{cells(row, 'td')}</tr>" for s, row in zip(strong, block.rows, strict=True))
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(block.caption, quote=True)}">'
        f"<table><caption>{escape(block.caption)}</caption>"
        f"<thead><tr>{cells(block.heads, 'th')}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _items(block: Items) -> str:
    tag = "ol" if block.ordered else "ul"
    said = "".join(f"<li><strong>{escape(a)}</strong> {escape(b)}</li>" for a, b in block.items)
    title = f"<h3>{escape(block.title)}</h3>" if block.title else ""
    if block.across:
        return f'<div class="across">{title}<ul>{said}</ul></div>'
    kind = ' class="words"' if block.small else ""
    return f"{title}<{tag}{kind}>{said}</{tag}>"


def _question(block: Question, drawn: Drawn) -> str:
    picture = drawn.place(block.figure, 340) if block.figure is not None else ""
    head, text = block.change
    change = f"<b>{escape(head)}</b>{escape(text)}" if head or text else ""
    answer = f"<strong>{escape(block.answer.strong)}</strong>{escape(block.answer.rest)}"
    caveat = f'<p class="cav">{escape(block.caveat)}</p>' if block.caveat else ""
    return (
        f'<div class="{"q aim" if block.is_goal else "q"}"><div><h3 class="lab">{escape(block.label)}</h3>'
        f'<p class="ans">{answer}</p>{caveat}</div><div>{picture}</div><p class="chg">{change}</p></div>'
    )
