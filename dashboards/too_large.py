"""What is sent and is too large: refused before it is read, and still a line in the store's log.

The server looks at a request before the pages do, and refuses the largest by itself; without this it would
leave nothing behind but an answer that a browser may not even show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["telling"]


def telling(tell: Callable[[int | None], None], said: str) -> type[Any]:
    """Return waitress's channel, made to tell of what it refuses for its size.

    Parameters
    ----------
    tell : Callable
        Is told the size in bytes that the request gave; None when it gave none.
    said : str
        What the answer says.
    """
    from waitress.channel import HTTPChannel
    from waitress.task import ErrorTask
    from waitress.utilities import RequestEntityTooLarge

    class Refusing(ErrorTask):  # type: ignore[misc]
        def execute(self) -> None:
            error = self.request.error
            if isinstance(error, RequestEntityTooLarge):
                error.body = said
                tell(self.request.content_length or None)
            super().execute()

    class Channel(HTTPChannel):  # type: ignore[misc]
        error_task_class = Refusing

    return Channel
