"""Authorities: dated rows that say who may act for whom, as what, and how far (DOMAIN 8). A level says how surely we
know the speaker; a capacity says for whom they speak. `rules` decides what a row is worth at an instant, `table` what
each kind may have and which scope a command takes, `door` asks for the command path.
"""
