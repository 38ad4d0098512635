"""bare_row.py FILE SECONDS → rows a second: one row, one commit, synchronous=FULL."""

import sqlite3
import sys
import time

database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA journal_mode=WAL")
database.execute("PRAGMA synchronous=FULL")
database.execute(
    "CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, n INT, author TEXT, text TEXT, at TEXT)"
)
rows, began = 0, time.perf_counter()
while time.perf_counter() - began < float(sys.argv[2]):
    database.execute(
        "INSERT INTO entry (n, author, text, at) VALUES (?, 'member:1', 'my card was charged twice', '2026')",
        (rows,),
    )
    rows += 1
print(rows / (time.perf_counter() - began))
