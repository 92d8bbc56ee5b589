"""An officer's day in the field: what there is to do, and the marks of what was done."""
