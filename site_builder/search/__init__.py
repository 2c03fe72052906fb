"""Search over servers and tools from static files: what is indexed, in which order, and the files themselves."""
