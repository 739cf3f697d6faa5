"""The web application: ``create_app(store)``. Importing it opens nothing and starts nothing."""

from __future__ import annotations

import contextlib
import datetime as dt
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, ctx, no_update

from dashboards import answers, downloads, drawing, news, shell
from dashboards.data import Data
from dashboards.pages import PAGES
from dashboards.security import LARGEST_BODY, LOOPBACK, TOO_LARGE, secure
from dashboards.still import still
from dashboards.too_large import telling
from dashboards.uploads import refuse_too_large
from dashboards.urls import State as PageState
from dashboards.urls import query_of
from dashboards.warming import warming
from partnership.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Collection

    from partnership.store import Store

__all__ = ["create_app", "read_state", "serve"]

_INDEX = """<!doctype html>
<html lang="en-GB">
  <head>
    {%metas%}
    <title>{%title%}</title>
    {%favicon%}
    {%css%}
  </head>
  <body>
    {%app_entry%}
    <footer>{%config%}{%scripts%}{%renderer%}</footer>
    <noscript><p>These pages need JavaScript. The command line has the same numbers.</p>
    </noscript>
  </body>
</html>"""

_OWN = "partnership"
_OUTPUTS = {
    "title": Output("title", "children"),
    "stamp": Output("stamp", "children"),
    "printed": Output("printed", "children"),
    "filters": Output("filters", "className"),
    "agency": Output("f-agency", "data"),
    "agency_value": Output("f-agency", "value"),
    "goal": Output("f-goal", "data"),
    "goal_value": Output("f-goal", "value"),
    "as_of": Output("f-as-of", "data"),
    "as_of_value": Output("f-as-of", "value"),
    "actions": Output("head-actions", "children"),
    "side": Output("side", "children"),
    "mobile": Output("mobile", "children"),
    "page": Output("page", "children"),
    "live": Output("live", "children"),
    "head": Output("head", "data"),
    "search": Output("url", "search"),
}


def create_app(
    store: Store, *, today: Callable[[], dt.date] | None = None, hosts: Collection[str] = LOOPBACK
) -> Dash:
    """Return the web application over an open store.

    Parameters
    ----------
    store : Store
        An open store; the app never closes it.
    today : Callable, optional
        Gives the day it is; by default the clock's, in London.
    hosts : Collection[str]
        Names under which it may be asked for: this computer only, until there is a login.

    Returns
    -------
    Dash
        ``app.server`` is the WSGI application; serve it on loopback.
    """
    # a picture looks whether pandas is there: a thread that is just loading it for a method would show half
    import_module("pandas")
    app = Dash(
        "partnership",
        assets_folder=_assets(),
        index_string=_INDEX,
        title="Partnership",
        update_title="",
        compress=True,
        suppress_callback_exceptions=True,
        include_pages_meta=False,
        serve_locally=True,
        meta_tags=[
            {"name": "viewport", "content": "width=device-width, initial-scale=1"},
            {"name": "robots", "content": "noindex"},
        ],
    )
    data = Data(store, today)
    app.layout = shell.frame
    _register(app, data)
    for page in PAGES.values():
        if hasattr(page, "register"):
            page.register(app, data)
    downloads.register(app, data)
    news.register(app, data)
    secure(app, hosts, lambda size: refuse_too_large(store, size))
    drawing.register(app)
    kept = answers.register(app, data, shell.shows_store_only, read_state)
    app.server.extensions[_OWN] = (data, kept)
    return app


def _assets() -> str:
    from pathlib import Path

    return str(Path(__file__).with_name("assets"))


def _register(app: Dash, data: Data) -> None:
    inputs = {
        "path": Input("url", "pathname"),
        "search": Input("url", "search"),
        "changed": Input("changed", "data"),
        "agency": Input("f-agency", "value"),
        "goal": Input("f-goal", "value"),
        "as_of": Input("f-as-of", "value"),
    }

    @app.callback(output=_OUTPUTS, inputs=inputs)
    def show(path: Any, search: Any, changed: Any, agency: Any, goal: Any, as_of: Any) -> dict[str, Any]:
        del changed
        picked = {"agency": agency, "goal": goal, "as_of": as_of} if _picked(ctx.triggered_id) else None
        state = read_state(data, path, search, picked)
        shown = shell.filled(data, state)
        return {
            **shown,
            "page": still(shown["page"]),
            "search": f"?{query}" if picked and (query := query_of(state)) else "" if picked else no_update,
        }

    settle: Any = app.clientside_callback
    settle(ClientsideFunction("partnership", "settle"), Input("head", "data"))


def _picked(trigger: object) -> bool:
    return isinstance(trigger, str) and trigger.startswith("f-")


def read_state(data: Data, path: Any, search: Any, picked: dict[str, Any] | None) -> PageState:
    """Return the state of an address, or of the filters where one was just picked."""
    from dataclasses import replace
    from urllib.parse import urlencode

    state = data.state(path, search)
    if picked is None:
        return state
    said = {k: v for k, v in picked.items() if isinstance(v, str) and v not in ("all", "now")}
    chosen = data.state(path, urlencode(said))
    return replace(chosen, benefit_class=state.benefit_class, extra=state.extra)


def serve(
    store: Store,
    *,
    port: int = 8050,
    as_of: dt.date | None = None,
    open_browser: bool = False,
    threads: int = 8,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve the pages on this computer until stopped.

    Parameters
    ----------
    store : Store
        An open store.
    port : int
        Port on loopback; when it is taken, the next free one of the hundred after it.
    as_of : date, optional
        The day that the pages take for today.
    open_browser : bool
        Open a browser where there is a display.
    threads : int
        Requests answered at once.
    announce : Callable, optional
        Is told the address once the pages answer.

    Raises
    ------
    InvalidInput
        If none of these ports is free.
    """
    from waitress.server import create_server

    app = create_app(store, today=(lambda: as_of) if as_of else None)
    free = free_port(port)
    server = create_server(
        app.server,
        host="127.0.0.1",
        port=free,
        threads=threads,
        ident=None,
        max_request_body_size=LARGEST_BODY + 1024 * 1024,
    )
    server.channel_class = telling(lambda size: refuse_too_large(store, size), TOO_LARGE)
    url = f"http://127.0.0.1:{free}/"
    try:
        with (
            store.keep_published(),
            warming(app, *app.server.extensions[_OWN]),
            _ended_in_order(),
        ):  # commands that read answer from the snapshot
            if announce:
                announce(url)
            if open_browser:
                _open(url)
            server.run()
    finally:
        server.close()


@contextlib.contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let a service manager end the server (SIGTERM) as Ctrl+C does, where this is the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def free_port(port: int, tries: int = 100) -> int:
    """Return the first free port on loopback from ``port`` on.

    Raises
    ------
    InvalidInput
        If none of ``tries`` ports is free.
    """
    import socket

    for candidate in range(port, port + tries):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except (OSError, OverflowError):
                continue
            return candidate
    msg = f"No port from {port} to {port + tries - 1} is free here. Give another --port."
    raise InvalidInput(msg)


def _open(url: str) -> None:
    """Open a browser; a machine without a display only prints the address."""
    import os
    import webbrowser

    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return
    webbrowser.open(url)
