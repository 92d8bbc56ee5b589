"""Cached queries within a user's scope, one module per subject."""
