"""Invented sample data, and the scripts that make it and work out its totals."""
