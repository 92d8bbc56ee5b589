"""What pages share on the screen: filters, head, cards, tables, maps and messages."""
