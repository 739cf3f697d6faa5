"""The house behind ``workflows.py``."""
