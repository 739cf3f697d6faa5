"""The house behind ``roi.py``, a subject a file."""
