"""The Briefing page."""
