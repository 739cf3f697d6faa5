"""How data comes in: our own workbook, other people's tables, and what is refused at the door."""
