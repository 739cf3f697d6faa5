"""The house behind ``verify.py``: adapters from published cases to calls of the library, a subject a file.

A module here has ``ADAPTERS``, category of a case to the call that answers it; ``verify.py`` finds them all.
"""
