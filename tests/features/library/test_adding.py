"""A cohort's own items: held to the lint, given back whole when it objects, and nobody else's once they are kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from bot.cards import Card
from bot.cohorts.form import SetupForm
from bot.errors import BadInput, NotAllowed, NotFound
from bot.library.adding import MOST_BYTES
from bot.library.sheet import Sheet
from bot.people import Caller, Cohort
from bot.ports.library import OwnText
from bot.ports.postings import Wish, WishKind
from bot.prompts.item import Kind, Status
from tests.acting import AMARA, CHANNEL, INGRID, STRANGER, Stage, buttons, person
from tests.acting import FORM as COHORT
from tests.features.library.items import FORM, NOTES, PROMPT, SCENE, text

SHEET = Sheet(Kind.PROMPT, "mood-leak")


async def begun(at_work: Stage, sheet: Sheet = SHEET, caller: Caller = INGRID) -> str:
    return (await at_work.works.house.adding.begin(caller, CHANNEL, sheet)).draft_id


async def pool(at_work: Stage, cohort_id: str = "") -> dict[str, Status]:
    """The items of a cohort that are not the library's, by title."""
    shelf = at_work.works.house.reviewing._shelf
    items = (await shelf.of(cohort_id or at_work.cohort.id)).items
    return {item.title: item.status for item in items if item.id.startswith("own-")}


async def another_cohort(at_work: Stage) -> tuple[Cohort, Caller]:
    form = SetupForm(
        **{
            **{name: getattr(COHORT, name) for name in COHORT.__slots__},
            "name": "First years",
            "channel": "2101",
            "supervisors_channel": "2102",
            "supervisor_role": "3102",
            "trainee_role": "3101",
        }
    )
    done = await at_work.works.house.cohorts.setup(INGRID, form, "setup-2")
    return done.cohort, person(30, "3102")


async def test_a_clean_form_joins_the_pool_as_approved_here(at_work: Stage) -> None:
    told = await at_work.works.house.adding.filled(INGRID, await begun(at_work), FORM)
    assert "is in your cohort's pool now" in told.card.body
    assert await pool(at_work) == {PROMPT["title"]: Status.APPROVED_HERE}
    (entry, *_) = await at_work.stores.audit.latest(at_work.cohort.id, 5)
    assert entry.act == "add"


async def test_the_form_opens_with_the_notes_labels_and_keeps_what_was_typed(at_work: Stage) -> None:
    adding = at_work.works.house.adding
    form = await adding.begin(INGRID, CHANNEL, SHEET)
    assert [field.name for field in form.fields] == ["title", "body", "question", "notes", "afterword"]
    notes = next(field for field in form.fields if field.name == "notes")
    assert notes.text.splitlines()[0] == "Listen for: "
    told = await adding.filled(INGRID, form.draft_id, {**FORM, "question": "Did you notice?"})
    assert buttons(told.card)["library-again"].subject == form.draft_id
    again = await adding.again(INGRID, form.draft_id)
    assert {field.name: field.text for field in again.fields} == {**FORM, "question": "Did you notice?"}


@pytest.mark.parametrize(
    ("change", "field", "mend"),
    [
        ({"question": "Did you notice it?"}, "question", "yes or no cannot answer"),
        ({"title": "x" * 60}, "title", "Cut 15 characters"),
        ({"body": "Too short."}, "body", "Add what a camera would see"),
        ({"body": PROMPT["body"] + " Tell us about a case."}, "body", "Ask about the therapist's own side"),
        ({"notes": "Listen for: tone"}, "facilitator.probes", "Add facilitator.probes"),
    ],
)
async def test_findings_name_field_and_mend_and_nothing_is_lost(
    at_work: Stage, change: dict[str, str], field: str, mend: str
) -> None:
    told = await at_work.works.house.adding.filled(INGRID, await begun(at_work), {**FORM, **change})
    assert f"**{field}**" in told.card.body
    assert mend in told.card.body
    assert FORM["title"] in told.text or "title" in change
    assert await pool(at_work) == {}


async def test_a_vignette_takes_its_people_from_the_form(at_work: Stage) -> None:
    sheet = Sheet(Kind.VIGNETTE, "telehealth", setting="video", marker="alliance-strain")
    values = {
        "title": "Mid air",
        "body": SCENE,
        "question": "Where in this minute did he leave?",
        "notes": NOTES,
        "people": "Ligaya: client; Renzo: therapist",
    }
    adding = at_work.works.house.adding
    told = await adding.filled(INGRID, await begun(at_work, sheet), {**values, "people": "Ligaya: client"})
    assert "**body**: Renzo is a name, but in nobody's role." in told.card.body
    assert "Reviewed names that no vignette uses yet" in told.card.body
    told = await adding.filled(INGRID, await begun(at_work, sheet), values)
    assert "is in your cohort's pool now" in told.card.body, told.card.body


async def test_what_may_be_a_real_person_is_asked_about_and_not_kept_before(at_work: Stage) -> None:
    draft = await begun(at_work)
    values = {**FORM, "question": "At 12 Elm Street, what came into the room with you?"}
    adding = at_work.works.house.adding
    told = await adding.filled(INGRID, draft, values)
    assert "it may name a real person" in told.card.body
    assert "12 Elm Street" in told.text
    assert await pool(at_work) == {}
    assert set(buttons(told.card)) == {"library-again", "library-anyway"}
    told = await adding.anyway(INGRID, draft)
    assert "is in your cohort's pool now" in told.card.body


async def test_an_upload_in_the_library_s_schema(at_work: Stage) -> None:
    adding = at_work.works.house.adding
    content = text(review={"status": "clinically-reviewed", "clinical": None, "cultural": None}).encode()
    first = await adding.upload(INGRID, CHANNEL, content)
    assert "is in your cohort's pool now" in first.card.body
    await adding.upload(INGRID, CHANNEL, content)
    assert await pool(at_work) == {PROMPT["title"]: Status.APPROVED_HERE}, "a status is never taken from a file"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (text(question=None), "**question**: the field is missing. Add question."),
        (text(intensty=3), "**intensty**: there is no such field. Did you mean intensity?"),
        (text(theme="weather"), "**theme**: weather is unknown."),
        (text(fictional=None), "**fictional**: the field is missing."),
        (text(kind=None), "**kind**: the field is missing."),
        (text(level=[9]), "**level"),
        ("title: [", "is not valid YAML"),
        ("- just\n- a list\n", "no fields found"),
        ("", "no fields found"),
        ("a: &a [x]\nb: [*a, *a]\n", "alias"),
        ("[" * 12_000, "too much is nested here"),
        ("level: 2026-13-45\n", "looks like a number or a date and is none"),
        ("!!python/object/apply:os.system ['true']", "no fields found"),
        (text() + "title: Twice\n", "title stands there twice"),
    ],
)
async def test_a_broken_file_is_told_field_by_field(at_work: Stage, content: str, said: str) -> None:
    told = await at_work.works.house.adding.upload(INGRID, CHANNEL, content.encode())
    assert said in told.card.body, told.card.body
    assert told.text == "", "whoever sent a file still has it"
    assert "library-again" not in buttons(told.card)
    assert await pool(at_work) == {}


@pytest.mark.parametrize(
    ("content", "key"),
    [(b"\xff\xfe\x00t", "library.bad.encoding"), (b"a: " + b"x" * MOST_BYTES, "library.bad.size")],
)
async def test_what_is_no_text_or_too_large_is_refused(at_work: Stage, content: bytes, key: str) -> None:
    with pytest.raises(BadInput) as refused:
        await at_work.works.house.adding.upload(INGRID, CHANNEL, content)
    assert refused.value.key == key


async def test_a_near_copy_of_a_shipped_item_is_refused_and_a_changed_copy_takes_its_place(at_work: Stage) -> None:
    house = at_work.works.house
    original = (await house.reviewing._shelf.of(at_work.cohort.id)).item("p-advice-pull-001")
    near = text(title="Mine", body=original.body, question="What was it doing for you?", theme="advice-pull")
    told = await house.adding.upload(INGRID, CHANNEL, near.encode())
    assert "also stands in" in told.card.body
    form = await house.adding.begin_copy(INGRID, at_work.cohort.id, original.id)
    filled = {field.name: field.text for field in form.fields}
    assert filled["body"] == original.body
    assert "Other side: " in filled["notes"]
    told = await house.adding.filled(INGRID, form.draft_id, {**filled, "title": "Ours now"})
    assert "the item that it was made from is retired for you" in told.card.body, told.card.body
    items = (await house.reviewing._shelf.of(at_work.cohort.id)).items
    assert next(item.status for item in items if item.id == original.id) is Status.RETIRED
    copy = next(item for item in items if item.title == "Ours now")
    kept = ("theme", "also", "competency", "level", "stage", "function", "response_starters", "facilitator")
    assert [getattr(copy, name) for name in kept] == [getattr(original, name) for name in kept]


async def test_another_cohort_never_sees_it(at_work: Stage) -> None:
    await at_work.works.house.adding.filled(INGRID, await begun(at_work), FORM)
    other, their_supervisor = await another_cohort(at_work)
    assert await pool(at_work, other.id) == {}
    (own,) = await at_work.stores.own_items.of_cohort(at_work.cohort.id)
    reviewing = at_work.works.house.reviewing
    with pytest.raises(NotFound):
        await reviewing.show(their_supervisor, other.id, own.id)
    with pytest.raises(NotAllowed):
        await reviewing.show(their_supervisor, at_work.cohort.id, own.id)
    assert await reviewing.find(INGRID, CHANNEL, "before the hour")
    assert not await reviewing.find(their_supervisor, other.channel, "before the hour")
    with pytest.raises(NotFound):
        await at_work.works.house.prompts.post_now(their_supervisor, other.id, own.id)


async def test_it_is_drawn_like_any_other_and_posted_with_its_words(at_work: Stage) -> None:
    await at_work.works.house.adding.filled(INGRID, await begun(at_work), FORM)
    (own,) = await at_work.stores.own_items.of_cohort(at_work.cohort.id)
    await at_work.stores.postings.wish(Wish(at_work.cohort.id, own.id, WishKind.PIN))
    posting = await at_work.morning()
    assert posting.item_id == own.id
    card = at_work.messenger.in_place(CHANNEL)[-1].card
    assert card.title == PROMPT["title"]
    assert PROMPT["question"] in card.body
    done = await at_work.works.house.moderation.close(INGRID, posting.id)
    assert "Closed" in done.body


async def test_nobody_else_adds(at_work: Stage) -> None:
    adding = at_work.works.house.adding
    for caller in (AMARA, STRANGER):
        with pytest.raises((NotAllowed, BadInput)):
            await adding.begin(caller, CHANNEL, SHEET)
        with pytest.raises((NotAllowed, BadInput)):
            await adding.upload(caller, CHANNEL, text().encode())
    draft = await begun(at_work)
    for act in (adding.again(AMARA, draft), adding.filled(AMARA, draft, FORM), adding.anyway(AMARA, draft)):
        with pytest.raises(BadInput, match=r"library.forgotten"):
            await act
    no_more = replace(INGRID, roles=frozenset(), manages_workspace=False)
    with pytest.raises(NotAllowed):
        await adding.filled(no_more, draft, FORM)


@pytest.mark.parametrize("change", [{"theme": "weather"}, {"setting": "moon"}, {"marker": "x"}, {"problem": "x"}])
async def test_a_choice_that_there_is_not_is_named(at_work: Stage, change: dict[str, str]) -> None:
    with pytest.raises(BadInput) as refused:
        await at_work.works.house.adding.begin(INGRID, CHANNEL, replace(SHEET, **change))
    assert refused.value.values["field"] == next(iter(change))


async def test_a_form_sent_twice_is_one_item(at_work: Stage) -> None:
    adding = at_work.works.house.adding
    draft = await begun(at_work)
    await adding.filled(INGRID, draft, FORM)
    with pytest.raises(BadInput, match=r"library.forgotten"):
        await adding.filled(INGRID, draft, {**FORM, "title": "Another"})
    assert Counter(await pool(at_work)) == Counter({PROMPT["title"]: Status.APPROVED_HERE})


async def test_an_item_that_no_version_can_read_is_left_out(at_work: Stage) -> None:
    await at_work.stores.own_items.keep(OwnText("own-x", at_work.cohort.id, "title: only\n", at_work.cohort.created_on))
    assert await pool(at_work) == {}


async def test_a_spanish_cohort_asks_in_spanish(at_work: Stage) -> None:
    await at_work.set(locale="es")
    told = await at_work.works.house.adding.upload(
        INGRID, CHANNEL, text(question="¿Qué entró contigo en la sala aquel día?").encode()
    )
    assert "está ya en la reserva de tu grupo" in told.card.body, told.card.body
    assert isinstance(told.card, Card)
