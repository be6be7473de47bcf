"""Dialogues that are not held on Slack word for word, because Slack has another way: each with the reason.

Everything else is held there as on Discord. What a person does otherwise but to the same end (a form for a command's
options, buttons for what autocomplete offers) the venue does for her; see `on_slack.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """Why Slack has another way, and the dialogues that show it (in `test_on_slack.py`)."""

    reason: str
    shown_by: tuple[str, ...]


ONE_FORM = "Slack's forms hold the whole setup, so there is no guide through menus and two modals"
PICKED = "days are ticked in a list on Slack, so nobody can mistype them"
NO_AUTOCOMPLETE = "Slack completes nothing behind a slash command; a mistyped zone or country is named at its field"
OTHER_RIGHTS = "Slack has no rights by channel: the bot is in it or not, and the app's scopes hold for the workspace"

DIFFERENCES: Mapping[str, Difference] = {
    "test_set_up_step_by_step": Difference(ONE_FORM, ("test_a_cohort_is_set_up_in_one_form",)),
    "test_a_cohort_is_set_up_in_spanish": Difference(ONE_FORM, ("test_the_form_speaks_her_language",)),
    "test_a_wrong_field_is_named_and_the_rest_is_kept": Difference(
        ONE_FORM, ("test_a_wrong_field_is_named_where_it_stands_and_the_rest_is_kept",)
    ),
    "test_what_cannot_be_used_gets_one_sentence_with_the_mend[slack-days]": Difference(
        PICKED, ("test_a_cohort_is_set_up_in_one_form",)
    ),
    "test_zones_and_countries_are_offered_while_typing": Difference(
        NO_AUTOCOMPLETE, ("test_a_wrong_field_is_named_where_it_stands_and_the_rest_is_kept",)
    ),
    "test_a_missing_permission_is_named_with_its_mend": Difference(
        OTHER_RIGHTS, ("test_what_is_missing_is_named_with_its_mend",)
    ),
}


def held_elsewhere(name: str) -> Difference | None:
    """Return the difference that keeps a dialogue from Slack; `name` is the test's, with its parameters."""
    return DIFFERENCES.get(name) or DIFFERENCES.get(name.partition("[")[0])
