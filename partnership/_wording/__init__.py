"""The house behind ``wording.py``."""
