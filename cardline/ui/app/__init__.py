"""The pages as an app on a phone: its name, its icon, and what it says without a line (DESIGN 8, docs/offline.md)."""
