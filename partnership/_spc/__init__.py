"""The house behind ``spc.py``: settings, limits, the rules on runs, and the chart that they make."""
