"""An officer's day in the field: the households to visit, and the marks of visits made."""
