"""Items that a supervisor could have written, clean until a test breaks them."""

from __future__ import annotations

from typing import Any

import yaml

PROMPT: dict[str, Any] = {
    "kind": "prompt",
    "format": "moment",
    "title": "The kettle before the hour",
    "body": (
        "Ten minutes before somebody arrives there is a kettle, a corridor, a colleague who wants a word. "
        "Something of that walks through the door with us. Stay with those ten minutes on your own side: what was "
        "in your hands, what was already decided, and what you hoped nobody would notice."
    ),
    "question": "What came into the room with you that day?",
    "theme": "mood-leak",
    "competency": ["reflection"],
    "level": [1, 2],
    "stage": "what",
    "function": "formative",
    "intensity": 1,
    "facilitator": {
        "listen_for": ["A mood that began elsewhere", "Relief at being asked"],
        "probes": ["What would two more minutes in the corridor have changed?"],
        "trap": "A contest in who had the worst morning.",
        "safety_note": "If facts about a client appear, use the client-detail nudge before anything else.",
    },
    "fictional": True,
}

NOTES = (
    "Listen for: A mood that began elsewhere\n"
    "Probe: What would two more minutes in the corridor have changed?\n"
    "Trap: A contest in who had the worst morning.\n"
    "Safety: If facts about a client appear, use the client-detail nudge before anything else."
)

FORM = {
    "title": PROMPT["title"],
    "body": PROMPT["body"],
    "question": PROMPT["question"],
    "notes": NOTES,
    "afterword": "",
}

SCENE = (
    "The screen freezes with Ligaya's hand in mid air. When she is back she has finished a sentence that nobody heard. "
    "Renzo, a trainee, says that he lost her for a second. It was closer to a minute, and he had used it to look at "
    "his lunch. She asks how much he heard. Behind her somebody has put a laundry basket on the bed and gone out again "
    "on tiptoe. He can see the clock, and that she is watching him look for the words."
)


def text(**changes: Any) -> str:
    """Write the prompt down as a file, with some fields changed; None takes a field out."""
    fields = {**PROMPT, **changes}
    return yaml.safe_dump({k: v for k, v in fields.items() if v is not None}, allow_unicode=True, sort_keys=False)
