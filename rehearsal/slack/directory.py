"""`auth.*`, `team.*`, `users.*`, `usergroups.*`, `oauth.*`: who is who, and what the token may do."""

from __future__ import annotations

import secrets

from rehearsal.slack.call import Call, Method, Methods, page
from rehearsal.slack.errors import SlackError
from rehearsal.slack.model import Json, Team
from rehearsal.slack.world import World, user_json


class Directory:
    """People and workspaces."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._codes: dict[str, str] = {}

    def register(self, methods: Methods) -> None:
        methods.add(
            Method("api.test", self.api_test, kind="any"),
            Method("auth.test", self.auth_test),
            Method("team.info", self.team_info, ("team:read",), tier=50),
            Method("users.info", self.user_info, ("users:read",)),
            Method("users.list", self.user_list, ("users:read",), tier=20),
            Method("usergroups.list", self.groups, ("usergroups:read",), tier=20),
            Method("usergroups.users.list", self.group_members, ("usergroups:read",), tier=20),
            Method("oauth.v2.access", self.access, kind="any", tier=600),
        )

    async def api_test(self, call: Call) -> Json:
        return {"args": {name: value for name, value in call.arguments.items() if name != "token"}}

    async def auth_test(self, call: Call) -> Json:
        team = call.team
        return {
            "url": f"https://{team.domain}.slack.com/",
            "team": team.name,
            "user": team.users[team.bot].name,
            "team_id": team.id,
            "user_id": team.bot,
            "bot_id": team.bot_id,
            "is_enterprise_install": False,
        }

    async def team_info(self, call: Call) -> Json:
        team = call.team
        return {"team": {"id": team.id, "name": team.name, "domain": team.domain}}

    async def user_info(self, call: Call) -> Json:
        return {"user": user_json(call.team, self._world.user(call.team, call.text("user")))}

    async def user_list(self, call: Call) -> Json:
        piece, metadata = page(call, list(call.team.users.values()))
        return {"members": [user_json(call.team, user) for user in piece], **metadata}

    async def groups(self, call: Call) -> Json:
        self._paid(call.team)
        found = [
            {"id": group.id, "handle": group.handle, "name": group.name, "is_usergroup": True}
            for group in call.team.usergroups.values()
        ]
        return {"usergroups": found}

    async def group_members(self, call: Call) -> Json:
        self._paid(call.team)
        group = call.team.usergroups.get(call.text("usergroup"))
        if group is None:
            raise SlackError("no_such_subteam")
        return {"users": list(group.users)}

    def invite(self, team: Team) -> str:
        """Return the code that Slack hands the app when somebody of a workspace has agreed to its installation."""
        code = secrets.token_hex(12)
        self._codes[code] = team.id
        return code

    async def access(self, call: Call) -> Json:
        app = self._world.app
        given = call.basic or (call.text("client_id", ""), call.text("client_secret", ""))
        if given != (app.client_id, app.client_secret):
            raise SlackError("invalid_client_id" if given[0] != app.client_id else "bad_client_secret")
        team_id = self._codes.pop(call.text("code", ""), None)
        if team_id is None:
            raise SlackError("invalid_code")
        team = self._world.teams[team_id]
        team.revoked = False
        installer = next(user.id for user in team.users.values() if user.is_admin)
        return {
            "access_token": team.token,
            "token_type": "bot",
            "scope": ",".join(team.scopes),
            "bot_user_id": team.bot,
            "app_id": app.id,
            "team": {"id": team.id, "name": team.name},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": installer},
        }

    def _paid(self, team: Team) -> None:
        if not team.paid:
            raise SlackError("paid_teams_only")
