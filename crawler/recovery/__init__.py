"""From the files of a snapshot to its manifest and its tools; pure, in worker processes."""
