"""Getting targets onto this machine: through the ecosystems' own clients, through git, over HTTP."""
