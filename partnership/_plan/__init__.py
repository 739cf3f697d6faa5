"""The checks that cross records, a subject a file."""
