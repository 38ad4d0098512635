"""What every page shares: the frame, the components, the words for dates and waits, and the font.

Stands just above `kit`: it knows how a promise looks, not what a promise is.
"""
