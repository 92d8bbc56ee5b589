"""The user's language: translations, formats and names of codes."""
