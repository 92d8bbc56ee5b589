"""What our own HTTP routes share."""
