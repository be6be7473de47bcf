"""A person reads the language that she chose, and a channel the one that its cohort did."""

from __future__ import annotations

from tests.conversations.dialogue import THREAD
from tests.conversations.scene import Scene
from tests.conversations.venue import COMMON, DAILY, SUPERVISORS, channel, role

ENGLISH_BESIDE = "I noticed that I looked at the clock."
WORDS = "El silencio siguió y lo llené porque no podía soportarlo."
URGENT = "He decidido matarme esta noche. Adiós a todos."


async def test_a_cohort_is_set_up_in_spanish(bare: Scene) -> None:
    await (
        bare.with_("Ingrid")
        .uses("me language", at=COMMON, language="español")
        .sees_privately("Ahora te escribo en privado")
        .uses("setup start", at=COMMON, name="Segundo", zone="Madird", country="ES")
        .sees_privately("Un grupo nuevo: dónde y quién (1 de 2)")
        .chooses("setup-channel", channel(DAILY))
        .chooses("setup-supervisors_channel", channel(SUPERVISORS))
        .chooses("setup-trainee_role", role("trainee"))
        .chooses("setup-supervisor_role", role("supervisor"))
        .presses("Siguiente")
        .sees_privately("Un grupo nuevo: cuándo, y qué pasa si…")
        .presses("Guardar")
        .sees_privately("No conozco la zona horaria «Madird».")
        .presses("Nombre, hora, país")
        .fills(zone="Atlantic/Canary")
        .presses("Guardar")
        .sees_privately("está en marcha", "Idioma", "español")
        .with_("Amara")
        .sees_in(DAILY, "Cómo funciona esto aquí", "Qué significa el anonimato")
        .then(lambda: bare.goes_to("2026-11-23 09:00"))
        .sees_in(DAILY, "Quién puede ver que eras tú", "Abierta hasta el lunes, 30 de noviembre de 2026")
        .sees_button("Responder con alias")
    )


async def test_a_person_answers_in_her_language_within_an_english_cohort(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .uses("me language", language="es")
        .presses("Respond anonymously")
        .sees_form_says("Tu respuesta (anónima)")
        .types(WORDS)
        .sees_privately("Está en el hilo como", "«Mis respuestas»")
        .sees_button("Retirarla")
        .with_("Bence")
        .presses("Respond anonymously")
        .sees_form_says("Your response (anonymous)")
        .types(ENGLISH_BESIDE)
        .sees_privately("It stands in the thread as")
        .sees_in_thread(WORDS)
        .sees_nothing_of("Está en el hilo")
        .with_("Amara")
        .presses("My responses")
        .sees_privately(WORDS, "En el hilo.")
        .presses("Cambiarla")
        .types("Llama a Sarah Miller al 07700 900123.")
        .sees_privately("Todavía no la he publicado", "un número de teléfono")
        .presses("Retirarla")
        .sees_privately("Ya no está, ni aquí ni en el hilo.")
    )


async def test_her_card_of_care_is_spanish_and_the_supervisors_alert_is_not(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .uses("me language", language="es")
        .presses("Respond anonymously")
        .types(URGENT)
        .sees_privately("Nos importas", "999", "No he publicado lo que has escrito")
        .presses("Hablar con supervisión, con mi alias")
        .sees_privately("No saben tu nombre.")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, "Someone here may need a person")
        .sees_in(SUPERVISORS, "would like to hear from a supervisor")
        .sees_nothing_in(SUPERVISORS, "Puede que alguien", "querría hablar")
    )


async def test_refusals_and_errors_are_in_her_language(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .uses("me language", language="es")
        .uses("preview")
        .sees_privately("Eso no te corresponde aquí.")
        .forges("tc:withdraw:nothing-such")
        .sees_privately("Eso ya no está, o este botón es de otro momento.")
        .uses("me country", country="Atlantis")
        .sees_privately("No conozco ese país.")
        .uses("help")
        .sees_privately("Lo que puedo hacer por ti", "para pensar, en privado")
        .uses("privacy")
        .sees_privately("Qué significa aquí el anonimato", "al cabo de 7 días")
        .with_("Bence")
        .uses("preview")
        .sees_privately("That is not yours to do here.")
    )


async def test_a_supervisor_moderates_in_spanish_and_the_thread_stays_english(scene: Scene) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(ENGLISH_BESIDE)
        .with_("Ingrid")
        .uses("me language", language="es")
        .uses_menu("Moderate response", on=ENGLISH_BESIDE)
        .presses("Ocultar")
        .sees_privately("Oculta. Su lugar en el hilo lo dice")
        .uses("posting lock", at=THREAD)
        .sees_privately("Bloqueada: no admite respuestas nuevas")
        .uses("pause", until="2027-01-07")
        .sees_privately("descansa hasta el jueves, 7 de enero de 2027")
        .uses("preview")
        .sees_privately("Ahora mismo todo está en pausa")
        .with_("Bence")
        .sees_in_thread("A supervisor has taken this response out of sight.")
        .sees_in(DAILY, "Locked by a supervisor")
    )


async def test_a_cohort_changes_its_language_and_its_channel_follows(scene: Scene) -> None:
    await (
        scene.with_("Ingrid")
        .uses("setup change", field="language", value="Klingon")
        .sees_privately("I have no words in “Klingon” yet. I can write in:", "español")
        .uses("setup change", field="language", value="Spanish")
        .sees_privately("Cambiado. Estos son ahora los ajustes", "Idioma", "español")
    )
    await scene.morning()
    await (
        scene.with_("Amara")
        .sees_in(DAILY, "Quién puede ver que eras tú")
        .uses("me language", language="en")
        .presses("Responder con alias")
        .types(ENGLISH_BESIDE)
        .sees_privately("It stands in the thread as")
        .with_("Bence")
        .presses("Responder con alias")
        .types("Otra cosa distinta.")
        .sees_privately("Está en el hilo como")
    )
