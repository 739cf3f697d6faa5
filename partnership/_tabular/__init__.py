"""The house behind ``tabular.py``."""
