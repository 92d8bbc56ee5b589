"""Analysis methods of Sambang: pure functions on frames, without user interface, database or settings."""
