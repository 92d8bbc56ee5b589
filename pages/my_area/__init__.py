"""The My area page and the field sheet."""
