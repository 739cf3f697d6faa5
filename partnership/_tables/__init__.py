"""The house behind ``tables.py``."""
