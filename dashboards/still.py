"""Tables as one component each: their cells only show, so the browser need not keep watch over every one.

Dash keeps a component of its own for each cell, and tells all of them whenever one is new: the time that a
page takes to appear grows with the square of its cells. A table in which nothing can be written is sent as
the text of its rows instead. What it looks like, and what a screen reader or a test finds there, stays as it
was; links in it lead where they did without loading the page anew (``assets/partnership.js``).
"""

from __future__ import annotations

import html as text
import re
from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

__all__ = ["Still", "still"]

_NAMES = {
    "className": "class", "colSpan": "colspan", "rowSpan": "rowspan", "tabIndex": "tabindex",
    "dateTime": "datetime",
    **{n: n for n in ("scope", "role", "title", "href", "lang", "hidden", "open", "download", "rel")},
}  # fmt: skip
_FLAGS = frozenset({"hidden", "open"})
_VOID = frozenset({"br", "img", "wbr", "hr", "col"})
_LEFT_OUT = frozenset({"key", "disable_n_clicks", "refresh"})
_PLACES = re.compile(r"(?:[/?#]|https?://)")
_TAGS = frozenset(
    [
        "Table",
        "Caption",
        "Thead",
        "Tbody",
        "Tfoot",
        "Tr",
        "Th",
        "Td",
        "Colgroup",
        "Col",
        "Span",
        "Div",
        "P",
        "B",
        "Strong",
        "Em",
        "I",
        "Small",
        "Abbr",
        "Br",
        "Wbr",
        "Ul",
        "Ol",
        "Li",
        "Dl",
        "Dt",
        "Dd",
        "A",
        "Code",
        "Sup",
        "Sub",
        "Time",
        "Details",
        "Summary",
        "H3",
        "H4",
    ]
)


class Still(Component):
    """One element of a page with the text inside it, which never changes by itself.

    Parameters
    ----------
    tag : str
        Name of the element.
    inner : str
        HTML inside it, every value of it escaped.
    attributes : dict
        Its attributes, by the names that React gives them.
    """

    _children_props: list[str] = []  # noqa: RUF012 - Dash declares it so
    _base_nodes: list[str] = []  # noqa: RUF012
    _namespace = "partnership"
    _type = "Still"

    def __init__(
        self,
        tag: str | None = None,
        inner: str | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> None:
        self._prop_names = ["tag", "inner", "attributes"]
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = ["tag", "inner", "attributes"]
        self.available_wildcard_properties: list[str] = []
        super().__init__(tag=tag, inner=inner, attributes=dict(attributes or {}))  # type: ignore[no-untyped-call]


class _MovesError(Exception):
    """Something in a table may change or be written: it stays as it is."""


def still(tree: Any) -> Any:
    """Return what a page shows with each table that only shows as one component.

    Parameters
    ----------
    tree : component, list or text
        What a page is made of. Lists and components are changed in place.

    Examples
    --------
    >>> made = still(html.Div(html.Table(html.Tbody(html.Tr(html.Td("5 < 5,000"))))))
    >>> made.children.tag, made.children.inner
    ('table', '<tbody><tr><td>5 &lt; 5,000</td></tr></tbody>')

    What can be written stays as it is.

    >>> type(still(html.Table(html.Tbody(html.Tr(html.Td(dcc.Input(id="x"))))))).__name__
    'Table'
    """
    if isinstance(tree, list | tuple):
        return [still(one) for one in tree]
    if not isinstance(tree, Component):
        return tree
    if isinstance(tree, html.Table):
        try:
            return _kept_still(tree)
        except _MovesError:
            pass
    inside = getattr(tree, "children", None)
    if isinstance(inside, Component | list | tuple):
        tree.children = still(inside)
    return tree


def _kept_still(table: Component) -> Still:
    given = {k: v for k, v in _given(table).items() if k != "children" and k not in _LEFT_OUT}
    if "id" in given:
        raise _MovesError
    for name in given:
        _name_of(name)
    return Still("table", _written(getattr(table, "children", None)), given)


def _given(part: Component) -> dict[str, Any]:
    props: dict[str, Any] = part.to_plotly_json()["props"]  # type: ignore[no-untyped-call]
    return {k: v for k, v in props.items() if v is not None}


def _written(part: Any) -> str:
    """Return a part of a table as HTML, every text and every attribute escaped."""
    if part is None or isinstance(part, bool):
        return ""
    if isinstance(part, str | int | float):
        return text.escape(str(part), quote=False)
    if isinstance(part, list | tuple):
        return "".join(_written(one) for one in part)
    if not isinstance(part, Component):
        raise _MovesError
    given, more = _given(part), ""
    if isinstance(part, dcc.Link):
        tag, more = "a", ' data-still=""'
    elif type(part).__module__.startswith("dash.html") and type(part).__name__ in _TAGS:
        tag = type(part).__name__.lower()
    else:
        raise _MovesError
    children = given.pop("children", None)
    said = "".join(_attribute(k, v) for k, v in given.items() if k not in _LEFT_OUT)
    if tag in _VOID:
        return f"<{tag}{said}>"
    return f"<{tag}{said}{more}>{_written(children)}</{tag}>"


def _attribute(name: str, value: Any) -> str:
    written = _name_of(name)
    if written in _FLAGS:
        return f" {written}" if value else ""
    if written == "style":
        return f' style="{text.escape(_style(value))}"'
    if not isinstance(value, str | int | float) or (written == "href" and not _PLACES.match(str(value))):
        raise _MovesError
    return f' {written}="{text.escape(str(value))}"'


def _name_of(name: str) -> str:
    if name == "style" or name.startswith(("aria-", "data-")):
        return name
    if name not in _NAMES:
        raise _MovesError
    return _NAMES[name]


def _style(value: Any) -> str:
    if not isinstance(value, Mapping):
        raise _MovesError
    parts = []
    for name, said in value.items():
        if not isinstance(said, str) or ";" in said:
            raise _MovesError
        plain = name if name.startswith("--") else re.sub(r"[A-Z]", lambda m: f"-{m[0].lower()}", name)
        parts.append(f"{plain}:{said}")
    return ";".join(parts)
