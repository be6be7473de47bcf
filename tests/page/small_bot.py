"""A bot for the page's tests: one of everything a bot can show, on an unmodified discord.py."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands

from rehearsal import demo

INSTRUMENTS = ("Cello", "Clarinet", "Flute", "Viola")


class Form(discord.ui.Modal, title="Your anonymous response"):
    answer: discord.ui.Label[Form] = discord.ui.Label(
        text="What did you notice?",
        description="Please name no client.",
        component=discord.ui.TextInput(
            style=discord.TextStyle.paragraph,
            custom_id="answer",
            placeholder="A sentence is enough.",
            min_length=5,
            max_length=300,
        ),
    )
    mood: discord.ui.Label[Form] = discord.ui.Label(
        text="Mood",
        component=discord.ui.Select(
            custom_id="mood",
            required=False,
            options=[discord.SelectOption(label="Calm"), discord.SelectOption(label="Stirred")],
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        field = self.answer.component
        assert isinstance(field, discord.ui.TextInput)
        await interaction.response.send_message(f"Posted: {field.value}", ephemeral=True)


class Card(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(discord.ui.Button(label="Guidelines", url="https://example.org/guide"))
        self.add_item(discord.ui.Button(label="Closed", disabled=True, custom_id="closed"))

    @discord.ui.button(label="Respond anonymously", style=discord.ButtonStyle.primary, custom_id="respond")
    async def respond(self, interaction: discord.Interaction, _: discord.ui.Button[Card]) -> None:
        await interaction.response.send_modal(Form())

    @discord.ui.button(label="Stay silent", style=discord.ButtonStyle.danger, custom_id="silent")
    async def stay_silent(self, interaction: discord.Interaction, _: discord.ui.Button[Card]) -> None:
        """Never answer, as a bot does that has crashed."""

    @discord.ui.button(label="Think", style=discord.ButtonStyle.success, custom_id="think")
    async def think(self, interaction: discord.Interaction, _: discord.ui.Button[Card]) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.client.thought.wait()  # type: ignore[attr-defined]
        await interaction.followup.send("Thought about it.", ephemeral=True)

    @discord.ui.select(
        custom_id="instrument",
        placeholder="Choose an instrument",
        options=[discord.SelectOption(label=name, description=f"The {name.lower()}") for name in INSTRUMENTS],
    )
    async def instrument(self, interaction: discord.Interaction, chosen: discord.ui.Select[Card]) -> None:
        await interaction.response.send_message(f"You play the {chosen.values[0]}.", ephemeral=True)


class SmallBot(discord.Client):
    """Posts a card on request and knows a few commands."""

    def __init__(self) -> None:
        intents = discord.Intents.default()
        intents.message_content = True
        super().__init__(intents=intents, guild_ready_timeout=0.01)
        self.tree = app_commands.CommandTree(self)
        self.ready = asyncio.Event()
        self.thought = asyncio.Event()
        self.thought.set()
        self.tree.add_command(_pause)
        self.tree.add_command(_flag)
        self.tree.add_command(_Setup())

    async def setup_hook(self) -> None:
        self.add_view(Card())
        await self.tree.sync()

    async def on_ready(self) -> None:
        self.ready.set()

    @property
    def room(self) -> discord.TextChannel:
        channel = self.get_channel(demo.DAILY_REFLECTION)
        assert isinstance(channel, discord.TextChannel)
        return channel

    async def post_card(self) -> discord.Message:
        """Post today's prompt with its thread, as the real bot does."""
        embed = discord.Embed(
            title="Today's prompt: the pause before answering",
            description="Think of **one moment** today in which you waited.\n\n> What did the silence hold?\n\n"
            "- Write a few sentences.\n- Name *no client*.",
            colour=0x5468E0,
        )
        embed.add_field(name="Theme", value="Countertransference", inline=True)
        embed.add_field(name="Open until", value="<t:1772528400:f>", inline=True)
        embed.set_footer(text="Answers appear in the thread under an alias.")
        message = await self.room.send(embed=embed, view=Card())
        thread = await message.create_thread(name="The pause before answering")
        await thread.send("**Quiet Heron**\nI noticed how quickly I wanted to help.")
        return message


@app_commands.command(name="pause", description="Pause the daily prompts")
@app_commands.describe(until="The first day with a prompt again", days="How many days", quietly="Tell nobody")
async def _pause(
    interaction: discord.Interaction, until: str, days: app_commands.Range[int, 1, 30] = 1, quietly: bool = False
) -> None:
    await interaction.response.send_message(f"Paused until {until}, {days} days, quietly {quietly}.")


@_pause.autocomplete("until")
async def _until(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    days = ["Monday", "Tuesday", "Wednesday"]
    return [app_commands.Choice(name=day, value=day.lower()) for day in days if typed.lower() in day.lower()]


@app_commands.context_menu(name="Flag for supervisors")
async def _flag(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"Flagged a message of {message.author.display_name}.", ephemeral=True)


class _Setup(app_commands.Group):
    def __init__(self) -> None:
        super().__init__(name="setup", description="Set the cohort up")

    @app_commands.command(name="channel", description="Choose the cohort's channel")
    async def channel(self, interaction: discord.Interaction, channel: discord.TextChannel) -> None:
        await interaction.response.send_message(f"The cohort meets in {channel.mention}.", ephemeral=True)

    @app_commands.command(name="role", description="Choose the trainees' role")
    async def role(self, interaction: discord.Interaction, role: discord.Role, lead: discord.Member) -> None:
        await interaction.response.send_message(f"{role.mention}, led by {lead.mention}.", ephemeral=True)
