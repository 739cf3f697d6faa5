"""The house behind ``benefits.py``: register tests, map, running totals, forecast, reference class, slips."""
