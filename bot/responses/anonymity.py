"""Where the author id stops.

Everything here is computed with the posting's own key, by HKDF subkeys, and nothing can be computed back:
- a tag says "the same person, in this posting" and nothing in the next one;
- a response's id comes from the event that brought it, so that the same event delivered twice is one response;
- words are sealed with AES-GCM, bound to the response's id.
When the key is destroyed, all of it turns to noise, in every copy and backup of the database alike.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from bot.people import Member
from bot.responses.aliases import ALIASES

_NONCE_BYTES = 12
_PAD_TO = 256


class Unreadable(Exception):
    """The key is not the one that these words were sealed with."""


def tag_of(key: bytes, member: Member) -> str:
    """Fingerprint a member within one posting: 32 hex digits."""
    return _mac(key, "tag", f"{member.platform}:{member.id}").hex()[:32]


def opinion_tag(key: bytes, member: Member) -> str:
    """Fingerprint whoever says something of the item: another mark than that of her responses, and no link to them."""
    return _mac(key, "opinion", f"{member.platform}:{member.id}").hex()[:32]


def response_id(key: bytes, token: str) -> str:
    """Derive a response's id, 16 characters of a-z2-7, from the platform's id of the event that brought it."""
    return _id(key, "response", token)


def alert_id(key: bytes, response: str) -> str:
    """Derive the id of a response's crisis alert: nobody without the key can tell which response it was."""
    return _id(key, "alert", response)


def next_key(response: str, message_id: str) -> str:
    """Make the idempotency key, 25 characters, of posting a response anew after its message is gone."""
    return f"{response}-{hashlib.blake2b(message_id.encode(), digest_size=4).hexdigest()}"


def flag_key(key: bytes | None, response: str, tag: str) -> str:
    """Make the idempotency key, 25 characters, of telling supervisors about one member's flag; it names nobody."""
    return f"{response}-{_id(key or bytes(32), 'flag', f'{response}/{tag}')[:8]}"


def alias_offers(key: bytes, tag: str) -> list[str]:
    """Give all aliases in an order of this tag's own; the store gives her the first that is free."""
    return sorted(ALIASES, key=lambda alias: _mac(key, "alias", f"{tag}/{alias}"))


def seal(key: bytes, response: str, text: str) -> bytes:
    """Encrypt words for keeping. Padded, so that a length does not give away which response it is."""
    raw = text.encode()
    padded = len(raw).to_bytes(4) + raw + bytes(-(len(raw) + 4) % _PAD_TO)
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_subkey(key, "words")).encrypt(nonce, padded, response.encode())


def unseal(key: bytes, response: str, sealed: bytes) -> str:
    """Decrypt words; raises Unreadable with any other key or for any other response."""
    try:
        padded = AESGCM(_subkey(key, "words")).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], response.encode())
    except (InvalidTag, ValueError):
        raise Unreadable from None
    return padded[4 : 4 + int.from_bytes(padded[:4])].decode()


def _id(key: bytes, purpose: str, text: str) -> str:
    return base64.b32encode(_mac(key, purpose, text)[:10]).decode().lower()


def _mac(key: bytes, purpose: str, text: str) -> bytes:
    return hmac.digest(_subkey(key, purpose), text.encode(), hashlib.sha256)


def _subkey(key: bytes, purpose: str) -> bytes:
    return HKDFExpand(SHA256(), 32, f"third-chair/{purpose}/1".encode()).derive(key)
