"""The pages a board looks at."""
