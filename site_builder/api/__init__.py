"""The site for programs: JSON documents with their schemas, and the whole catalog as files to download."""
