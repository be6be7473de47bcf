"""The workspaces that have installed the app, as slack-sdk's OAuth flow keeps them and as the door asks for them."""

from __future__ import annotations

import logging

from slack_bolt.authorization import AuthorizeResult
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.installation_store import Installation as TheirInstallation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore

from bot.errors import MessengerError, StorageError
from bot.ports.installations import Installation, InstallationStore

_log = logging.getLogger(__name__)


class Installations(AsyncInstallationStore):
    """slack-sdk's installation store on our own, which seals what it keeps. Installers' ids are not kept."""

    def __init__(self, store: InstallationStore) -> None:
        self._store = store
        self._logger = logging.getLogger("slack_sdk.third_chair")

    @property
    def logger(self) -> logging.Logger:
        return self._logger

    async def async_save(self, installation: TheirInstallation) -> None:
        """Keep what an installation brought. Raises StorageError."""
        if not installation.team_id or not installation.bot_token:
            raise MessengerError("an installation came without a workspace or a token")
        scopes = installation.bot_scopes or ()
        await self._store.save(
            Installation(
                team_id=installation.team_id,
                token=installation.bot_token,
                bot_id=installation.bot_id or "",
                bot_user_id=installation.bot_user_id or "",
                scopes=tuple(scopes.split(",") if isinstance(scopes, str) else scopes),
                enterprise_id=installation.enterprise_id,
            )
        )
        _log.info("the app was installed in a workspace")

    async def async_save_bot(self, bot: Bot) -> None:
        """Nothing to do: `async_save` keeps all there is."""

    async def token_of(self, team_id: str) -> str | None:
        """Return a workspace's token. Raises TryLater while the store cannot be asked."""
        found = await self._found(team_id)
        return None if found is None else found.token

    async def authorize(self, team_id: str) -> AuthorizeResult | None:
        """Say as whom the bot acts in a workspace; None where it is not installed."""
        found = await self._found(team_id)
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=found.enterprise_id,
            team_id=found.team_id,
            bot_user_id=found.bot_user_id,
            bot_id=found.bot_id,
            bot_token=found.token,
        )

    async def forget(self, team_id: str) -> None:
        """Let go of a workspace's token."""
        await self._store.forget(team_id)

    async def _found(self, team_id: str) -> Installation | None:
        try:
            return await self._store.get(team_id)
        except StorageError:
            raise MessengerError("the installations cannot be read") from None
