"""The embedded card core's own tables."""
