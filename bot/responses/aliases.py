"""The names that responses stand under: plain, kind, without rank, gender or a hint at anyone."""

from __future__ import annotations

_QUALITIES = (
    "Amber", "Autumn", "Brisk", "Calm", "Cedar", "Clear", "Copper", "Coral", "Dappled", "Early", "Evening", "Far",
    "Gentle", "Golden", "Green", "Hazel", "Indigo", "Ivory", "Lantern", "Late", "Linen", "Little", "Maple", "Meadow",
    "Mellow", "Mist", "Morning", "North", "Open", "Pearl", "Plain", "Quick", "Quiet", "River", "Russet", "Sage",
    "Silver", "Slate", "Soft", "South", "Spring", "Steady", "Still", "Summer", "Tall", "Umber", "Upland", "Violet",
    "West", "Willow", "Winter", "Wide",
)  # fmt: skip
_CREATURES = (
    "Badger", "Bittern", "Curlew", "Dormouse", "Dunlin", "Egret", "Finch", "Gecko", "Hare", "Heron", "Ibis", "Jay",
    "Kestrel", "Lark", "Linnet", "Lynx", "Magpie", "Marten", "Moth", "Newt", "Nuthatch", "Oriole", "Osprey", "Otter",
    "Owl", "Petrel", "Pipit", "Plover", "Quail", "Raven", "Robin", "Seal", "Shrike", "Siskin", "Sparrow", "Starling",
    "Stoat", "Swallow", "Swift", "Teal", "Tern", "Thrush", "Toad", "Tortoise", "Vole", "Wren",
)  # fmt: skip

ALIASES: tuple[str, ...] = tuple(f"{quality} {creature}" for quality in _QUALITIES for creature in _CREATURES)
"""2,392 of them: more than any cohort has members, so two postings seldom share one."""
