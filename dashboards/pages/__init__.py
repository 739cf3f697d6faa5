"""The pages there are. A page is a module with a few names; adding one is one line here.

A page module has ``TITLE`` (its h1), ``LABEL`` (in the navigation), ``FILTERS`` (any of "agency", "goal",
"as_of"), ``VIEWS`` (the views that the Download button writes), ``layout(data, state)`` (what it shows), and,
where it wants them, ``tally(data, state)`` (a count and its words for the navigation), ``actions(state)``
(links and buttons in its head) and ``register(app, data)`` (callbacks of its own, three lines each). One that
shows the store and its address and nothing else says ``SHOWS_STORE_ONLY = True``: it is then made once for
each address, until the store changes (a page with a field to write in is kept as sent, without what makes a
second click harmless). One whose methods need libraries that take seconds to load names them in
``LIBRARIES``.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from dashboards.pages import (
    benefits,
    blueprint,
    board_overview,
    data,
    expectation_gaps,
    goals,
    investment_and_return,
    memory,
    phasing,
    prioritisation,
    promises,
    rows,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

__all__ = ["GROUPS", "HOME", "PAGES"]

HOME = "/board-overview"

PAGES: Mapping[str, ModuleType] = MappingProxyType(
    {
        "/board-overview": board_overview,
        "/goals": goals,
        "/expectation-gaps": expectation_gaps,
        "/benefits": benefits,
        "/investment-and-return": investment_and_return,
        "/blueprint": blueprint,
        "/prioritisation": prioritisation,
        "/phasing": phasing,
        "/promises": promises,
        "/memory": memory,
        "/data": data,
        "/rows": rows,
    }
)
"""Path of each page to its module."""

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("The board", ("/board-overview",)),
    ("What we are for", ("/goals", "/expectation-gaps")),
    ("What it is worth", ("/benefits", "/investment-and-return")),
    (
        "The work",
        (
            "/blueprint",
            "/prioritisation",
            "/phasing",
        ),
    ),
    ("Trust", ("/promises", "/memory")),
    ("Records", ("/data",)),
)
"""The navigation: heading and the pages under it. A page that is not here is reached by links only."""
