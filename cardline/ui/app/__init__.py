"""The pages as an app on somebody's phone: what it is called, its icon, and what it says offline (docs/offline.md)."""
