"""The private house behind :mod:`partnership.goals`: SMART rules, and the lineage from work to the big goal."""
