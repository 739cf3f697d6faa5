"""The solver's own process: reads requests from standard input, one JSON a line, and answers on standard output.

It stands apart for three reasons. A time limit given to the solver is not always kept, and a process can be
ended; a calculation can be called off in the same way; and the solver's library prints lines of its own to
standard output whatever it is told, which here goes nowhere: the answers leave by a copy of the channel that
was made before.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

__all__ = ["main"]


def main() -> None:
    """Answer requests until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    kept: dict[str, Any] = {}
    for line in sys.stdin:
        request = json.loads(line)
        if "load" in request:
            kept = _loaded(request["load"])
            continue
        try:
            answer = _solved(kept, request)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong here is told to the one who asked
            answer = {"status": "failed", "why": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer | {"id": request["id"]}) + "\n")
        answers.flush()


def _loaded(given: dict[str, Any]) -> dict[str, Any]:
    import numpy as np
    from scipy.sparse import csr_array

    worth = np.array(given["worth"], dtype=float)
    shape = (len(given["low"]), worth.size)
    rows = csr_array((given["data"], given["columns"], given["starts"]), shape=shape)
    return {"worth": worth, "rows": rows, "low": np.array(given["low"]), "high": np.array(given["high"])}


def _solved(kept: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    begun = time.perf_counter()
    size = kept["worth"].size
    low, high = np.zeros(size), np.ones(size)
    low[request.get("ones", [])] = 1.0
    high[request.get("noughts", [])] = 0.0
    rows = [LinearConstraint(kept["rows"], kept["low"], kept["high"])] if kept["low"].size else []
    for extra in request.get("rows", []):
        line = np.zeros((1, size))
        line[0, extra["columns"]] = extra["data"]
        rows.append(LinearConstraint(line, extra["low"], extra["high"]))
    worth = np.zeros(size) if request.get("feasible_only") else kept["worth"]
    least = request.get("at_least")
    if least is not None:
        rows.append(LinearConstraint(kept["worth"].reshape(1, -1), least, np.inf))
    found = milp(
        -worth,
        constraints=rows,
        bounds=Bounds(low, high),
        integrality=np.zeros(size) if request.get("relaxed") else np.ones(size),
        options={"time_limit": request["limit"], "mip_rel_gap": request.get("gap", 0.0), "presolve": True},
    )
    status = {0: "optimal", 1: "stopped", 2: "infeasible"}.get(found.status, "failed")
    answer: dict[str, Any] = {"status": status, "seconds": time.perf_counter() - begun}
    if found.x is not None:
        answer["ones"] = [] if request.get("relaxed") else np.flatnonzero(found.x > 0.5).tolist()
        answer["value"] = -float(found.fun)
    bound = getattr(found, "mip_dual_bound", None)
    if bound is not None and np.isfinite(bound):
        answer["bound"] = -float(bound)
    answer["nodes"] = int(getattr(found, "mip_node_count", 0) or 0)
    if status == "failed":
        answer["why"] = str(found.message)
    return answer


if __name__ == "__main__":
    main()
