"""The science of Sambang: pure functions on frames; knows no screen, no database, no settings."""
