"""The catalog as a static site."""
