"""Methods of promises and memory, a subject a file; ``partnership.commitments`` is their face."""
