"""The rooms behind :mod:`partnership.prioritisation`, a subject a file."""
