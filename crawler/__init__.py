"""The crawl: targets in, snapshots fetched, tool definitions recovered from source without running it."""
