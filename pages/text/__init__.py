"""The user's language: translation, formats, and names of codes."""
