"""The board pack, section by section, and the sentences that it shares with the pages."""
