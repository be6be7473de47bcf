"""From a file's validated shape to the plain value that the features use."""

from __future__ import annotations

from bot.catalogue.shapes import FacilitatorShape, ItemShape, PickShape, SequenceShape, SourcesShape
from bot.prompts.item import (
    Afterword,
    Beat,
    CastMember,
    FacilitatorNote,
    Intensity,
    Item,
    Literature,
    Pick,
    Sequence,
    Slot,
    Sources,
    Week,
)


def item_of(shape: ItemShape, path: str) -> Item:
    """The item of a file; `path` is relative to the content folder."""
    return Item(
        id=shape.id,
        kind=shape.kind,
        format=shape.format,
        title=shape.title,
        body=shape.body,
        question=shape.question,
        theme=shape.theme,
        competency=tuple(shape.competency),
        level=tuple(shape.level),
        stage=shape.stage,
        function=shape.function,
        intensity=Intensity(shape.intensity),
        facilitator=_note_of(shape.facilitator),
        status=shape.review.status,
        also=tuple(shape.also),
        response_starters=tuple(shape.response_starters),
        role_cards=tuple(shape.role_cards),
        afterword=Afterword(shape.afterword.text, shape.afterword.source) if shape.afterword else None,
        eye=shape.eye,
        content_label=shape.content_label,
        moderator_present=shape.moderator_present,
        crisis_text=shape.crisis_text,
        hold_when=frozenset(shape.hold_when),
        modality=frozenset(shape.modality),
        pool=shape.pool,
        season=frozenset(shape.season),
        locale=shape.locale,
        sources=_sources_of(shape.sources),
        review_due=shape.review.due,
        cast=tuple(CastMember(person.name, person.role) for person in shape.cast),
        setting=shape.setting,
        marker=shape.marker,
        problem=shape.problem,
        beats=tuple(Beat(beat.body, beat.question) for beat in shape.beats),
        path=path,
    )


def sequence_of(shape: SequenceShape) -> Sequence:
    """The curriculum of a file."""
    return Sequence(
        id=shape.id,
        title=shape.title,
        weeks=tuple(Week(week.title, week.opening, week.closing) for week in shape.weeks),
        audience_level=tuple(shape.audience_level),
        slots=tuple(
            Slot(slot.week, slot.day, slot.item, _pick_of(slot.pick) if slot.pick else None) for slot in shape.slots
        ),
        opening_text=shape.opening_text,
        closing_text=shape.closing_text,
    )


def _pick_of(shape: PickShape) -> Pick:
    return Pick(shape.theme, shape.kind, shape.format, shape.function, Intensity(shape.max_intensity))


def _note_of(shape: FacilitatorShape) -> FacilitatorNote:
    return FacilitatorNote(
        listen_for=tuple(shape.listen_for),
        probes=tuple(shape.probes),
        trap=shape.trap,
        safety_note=shape.safety_note,
        other_side=shape.other_side,
    )


def _sources_of(shape: SourcesShape) -> Sources:
    literature = tuple(Literature(entry.cite, entry.url, entry.checked) for entry in shape.literature)
    return Sources(tuple(shape.seeds), literature)
