"""Where a browser's session is kept: Django's own table, asked in one statement of ours (SESSION_ENGINE)."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession

from cardline.kit import clock, sql

_LIVE = "SELECT session_key, session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> AbstractBaseSession | None:
        values = [self.session_key, sql.moment(clock.machine_now())]
        found = sql.instance(self.model, ["session_key", "session_data"], _LIVE, values)
        if found is None:
            self._session_key = None  # a key nobody gave out is not taken over
        return found
