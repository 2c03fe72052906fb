"""The application: the command line, its settings, and the order of the stages."""
