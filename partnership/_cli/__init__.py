"""The house behind ``cli.py``."""
