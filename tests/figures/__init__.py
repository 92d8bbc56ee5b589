"""Every figure that the program shows of a sample place, to be compared before and after a change."""
