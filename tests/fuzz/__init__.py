"""Broken files of every format: each is a table or a sentence, and takes no longer than ten seconds."""
