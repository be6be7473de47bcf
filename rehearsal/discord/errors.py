"""What goes wrong, in the two languages it is told in: Discord's JSON error bodies, and sentences for people."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A person may not or cannot do this; the argument is a sentence to show on the page."""


class ApiError(Exception):
    """An answer of Discord's REST API that is not a success."""

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """Return the JSON body Discord sends."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors is not None:
            body["errors"] = self.errors
        return body


def unauthorized() -> ApiError:
    return ApiError(401, 0, "401: Unauthorized")


def unknown(what: str) -> ApiError:
    """Return Discord's 404 for a thing that does not exist (or that the caller must not learn of)."""
    return ApiError(404, _UNKNOWN[what], f"Unknown {what}")


_UNKNOWN = {
    "Channel": 10003,
    "Guild": 10004,
    "Member": 10007,
    "Message": 10008,
    "Permission Overwrite": 10009,
    "Role": 10011,
    "User": 10013,
    "Emoji": 10014,
    "Webhook": 10015,
    "interaction": 10062,
    "application command": 10063,
}


def not_rehearsed(what: str) -> ApiError:
    """Return the 501 for a part of Discord that this rehearsal does not play."""
    return ApiError(501, 0, f"The rehearsal does not implement {what}.")


def missing_access() -> ApiError:
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    return ApiError(403, 50013, "Missing Permissions")


class Form:
    """Collects what is wrong with a request body, field by field, as Discord's 50035 answer does."""

    def __init__(self) -> None:
        self.errors: dict[str, Any] = {}

    def fail(self, path: tuple[str | int, ...], code: str, message: str) -> None:
        """Note one problem of the field at `path`."""
        node = self.errors
        for part in path:
            node = node.setdefault(str(part), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def length(self, path: tuple[str | int, ...], value: object, most: int, least: int = 0) -> None:
        """Require a text of `least` to `most` characters; None passes when `least` is 0."""
        if value is None and least == 0:
            return
        if not isinstance(value, str):
            self.fail(path, "BASE_TYPE_REQUIRED" if value is None else "STRING_TYPE", "This field is required")
        elif len(value) > most and least:
            self.fail(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(value) > most:
            self.fail(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        elif len(value) < least:
            self.fail(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")

    def check(self) -> None:
        """Raise 50035 Invalid Form Body when anything was noted."""
        if self.errors:
            raise ApiError(400, 50035, "Invalid Form Body", self.errors)
