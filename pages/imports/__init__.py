"""The Data page: import files, review what was imported, and undo imports."""
