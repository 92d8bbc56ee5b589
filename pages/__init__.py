"""What is shown: one file a page, and beside them what pages share."""
