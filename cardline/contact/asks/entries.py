"""What the timeline calls questions and their answers (words: ui/proof_entries.py)."""

ASKED = "proof.asked"
ANSWERED = "proof.answered"
DENIED = "proof.denied"
CODE_HIDDEN = "proof.code_hidden"
