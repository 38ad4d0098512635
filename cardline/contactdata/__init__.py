"""Changing how a member is reached and what they are called: asked, told to the old places, done, taken back, settled.

The rows and rules stand in members/contactdata. `changes` is asking and doing, `notices` telling and what is pressed in
answer, `decisions` what a person on the desk settles, `safe` how somebody may be reached without danger to them.
"""
