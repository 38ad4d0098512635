"""Restrictions: dated, sourced rows that change what may be sent to a member, charged, collected, disclosed or deleted
(DOMAIN 8). What each changes is data in `table.toml`; `rules` decides, `door` asks for the command path, `queries` for
messages before they leave.
"""
