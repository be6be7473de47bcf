"""How the rehearsed Slack says no: to programs in Slack's own words, to people in a sentence."""

from __future__ import annotations

from rehearsal.slack.model import Json


class SlackError(Exception):
    """A call that Slack answers with `{"ok": false}`; `code` is Slack's own name for the reason."""

    def __init__(self, code: str, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.more = more

    def body(self) -> Json:
        return {"ok": False, "error": self.code, **self.more}


class Refused(Exception):
    """A person's client does not let her do this; the argument is a sentence for her."""
