"""Why a card member gets in touch: the catalogue of needs, finding the need in their words, and the plan for it.

Pure Python over data files. `catalogue` knows the needs, `triage` reads a sentence, `plan` says what to have ready
and which channel is best now, `train` makes the model again.
"""
