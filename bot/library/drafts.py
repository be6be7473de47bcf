"""Items that are being written. They live in this process's memory and nowhere else.

What the lint or the guard has objected to may name a real person, so it is not stored; its writer gets it back in full.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass

from bot.errors import BadInput
from bot.library.sheet import Sheet
from bot.people import Member

_MOST = 300


@dataclass(slots=True)
class Draft:
    """A sheet on its way to a cohort's pool. `id` is the idempotency token of keeping it, too.

    `text` is what came as a file, None where there is a form. `suggestion` is the one that it answers.
    """

    id: str
    owner: Member
    cohort_id: str
    sheet: Sheet
    text: str | None = None
    suggestion: str = ""


class Drafts:
    """The drafts, the oldest forgotten first."""

    def __init__(self) -> None:
        self._drafts: OrderedDict[str, Draft] = OrderedDict()

    def begin(
        self,
        owner: Member,
        cohort_id: str,
        sheet: Sheet,
        *,
        text: str | None = None,
        suggestion: str = "",
        ident: str = "",
    ) -> Draft:
        draft = Draft(ident or secrets.token_hex(8), owner, cohort_id, sheet, text, suggestion)
        self._drafts[draft.id] = draft
        if len(self._drafts) > _MOST:
            self._drafts.popitem(last=False)
        return draft

    def of(self, owner: Member, draft_id: str) -> Draft:
        """Return somebody's own draft. Raises BadInput if it is forgotten (a restart) or another's."""
        draft = self._drafts.get(draft_id)
        if draft is None or draft.owner != owner:
            raise BadInput("library.forgotten")
        return draft

    def done(self, draft: Draft) -> None:
        self._drafts.pop(draft.id, None)
