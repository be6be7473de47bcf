"""Installations in workspaces: one row each, the token sealed."""

from __future__ import annotations

import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, LargeBinary, Table, Text, delete, select

from bot.ports.installations import Installation
from bot.storage.database import Database, insert_or_replace
from bot.storage.schema import metadata

KEY = "installations"
"""The name of the sealing key in the folder of keys."""

_NONCE = 12

installations = Table(
    "installations",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)


class SqlInstallationStore:
    """Implements `bot.ports.installations.InstallationStore`; `key` has 32 bytes."""

    def __init__(self, database: Database, key: bytes) -> None:
        self._database = database
        self._cipher = AESGCM(key)

    async def save(self, installation: Installation) -> None:
        content = {
            "token": installation.token,
            "bot_id": installation.bot_id,
            "bot_user_id": installation.bot_user_id,
            "scopes": list(installation.scopes),
            "enterprise_id": installation.enterprise_id,
        }
        nonce = secrets.token_bytes(_NONCE)
        whose = installation.team_id.encode()
        sealed = nonce + self._cipher.encrypt(nonce, json.dumps(content).encode(), whose)
        async with self._database.writing() as connection:
            await insert_or_replace(connection, installations, {"team_id": installation.team_id, "sealed": sealed})

    async def get(self, team_id: str) -> Installation | None:
        async with self._database.reading() as connection:
            found = await connection.execute(select(installations.c.sealed).where(installations.c.team_id == team_id))
            sealed = found.scalar_one_or_none()
        if sealed is None:
            return None
        try:
            opened = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], team_id.encode())
        except InvalidTag:
            return None
        content = json.loads(opened)
        return Installation(team_id, **{**content, "scopes": tuple(content["scopes"])})

    async def forget(self, team_id: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(delete(installations).where(installations.c.team_id == team_id))
        await self._database.wipe_traces()

    async def teams(self) -> tuple[str, ...]:
        async with self._database.reading() as connection:
            return tuple((await connection.execute(select(installations.c.team_id))).scalars())
