"""Data: bring in a file after a look at what was understood, and take an import back."""
