"""Selection and phasing: which items to do, and in which quarter, within what each agency offers."""
