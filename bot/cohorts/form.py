"""What a supervisor fills in at setup, as typed: validated here, whole, with a mend for every field."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetupForm:
    """Plain strings as they came through a door. Channels and roles are the platform's ids.

    `days` are weekday names or numbers, comma-separated ("mon,tue" or "0,1"); `time` is "09:00"; `country` an
    ISO 3166-1 alpha-2 code; `alert_policy` one of `bot.people.AlertPolicy`; `escalate_after` minutes; an empty
    `escalation_channel` is none; `item_policy` one of `bot.people.ItemPolicy`. `locale` is what the door knows of the
    supervisor's language; it is no input of hers.
    """

    name: str
    channel: str
    supervisors_channel: str
    supervisor_role: str
    trainee_role: str
    zone: str
    days: str = "mon,tue,wed,thu,fri"
    time: str = "09:00"
    country: str = ""
    subdivision: str = ""
    site_protocol: str = ""
    on_call: str = ""
    coverage_hours: str = ""
    alert_policy: str = "notice only"
    escalate_after: str = "15"
    escalation_channel: str = ""
    item_policy: str = "preview"
    locale: str = "en"
