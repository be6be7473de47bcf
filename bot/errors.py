"""Everything that can go wrong, named once. Messages are for people and never carry members' words or ids."""


class ThirdChairError(Exception):
    """Something that a person can be told about in one sentence."""


class NotAllowed(ThirdChairError):
    """The caller's role does not cover this."""


class NotFound(ThirdChairError):
    """The thing named does not exist, no longer exists, or belongs to another cohort."""


class BadInput(ThirdChairError):
    """What was given cannot be used; `key` names the words that say how to mend it, `values` fill them."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class MessengerError(ThirdChairError):
    """A platform did not do what was asked."""


class PlaceGone(MessengerError):
    """The channel, thread or message is not there any more."""


class NotPermitted(MessengerError):
    """The platform refuses the bot this act; the message names the missing permission where it is known."""


class CannotReach(MessengerError):
    """A person does not accept direct messages from the bot."""


class TryLater(MessengerError):
    """A passing fault. Nothing was done; the same call may be made again after `after` seconds."""

    def __init__(self, after: float = 0.0) -> None:
        super().__init__("the platform asks us to try later")
        self.after = after


class OutcomeUnknown(MessengerError):
    """The connection broke after the request went out: it may or may not have been done. Look before repeating."""


class StorageError(ThirdChairError):
    """The database cannot be used as it is; the message says how to mend it."""
