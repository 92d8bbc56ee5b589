"""Code shared by the app's own HTTP routes."""
