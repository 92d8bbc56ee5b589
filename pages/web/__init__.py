"""The parts of the server that are not pages: files for maps, headers, routes of our own."""
