"""Every figure that the program shows of a made-up place, to be compared before and after a change."""
