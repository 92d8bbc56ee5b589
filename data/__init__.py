"""What is known: settings, schema, database, import, scoped reads, the made-up district, the command line."""
