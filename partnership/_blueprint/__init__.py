"""Rooms behind :mod:`partnership.blueprint`: coverage, load, clarity, dependencies, joining up, habits."""
