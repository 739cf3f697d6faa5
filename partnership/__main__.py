"""``python -m partnership``: the same as the command ``partnership``, where that is not on the path."""

from partnership.cli import main

if __name__ == "__main__":
    main()
