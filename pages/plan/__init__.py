"""Weekly plan page."""
