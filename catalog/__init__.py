"""The catalog: what every stage reads and writes, and the words all of them use."""
