"""The data layer: settings, schema, database, imports, scoped reads, sample district and command line."""
