"""Collected static files carry a hash of their content in their names, so that browsers may keep them for good."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which here gives hashed names to the imports of our own script modules too.

    Without that a module imports its neighbours by their plain names, and a browser asks for each anew every minute.
    Django's own switch for it takes in the scripts of packages as well, some of which import what they do not bring.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "js/*.js",
            ((r'(?P<matched>(?P<how>\b(?:from|import)\s+)"(?P<url>\./[a-z-]+\.js)")', '%(how)s"%(url)s"'),),
        ),
    )
