"""The invented county of Wendleshire, a subject a file. Nothing in it is about any real person or place."""
