"""A target's files in memory: archives and folders, read with limits."""
