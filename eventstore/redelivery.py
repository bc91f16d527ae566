"""Whether an event that comes with a known id is the same event again.

Salts and pseudonyms are random, so the new delivery is brought into the stored one's terms before they are compared.
What was forgotten cannot be compared, and is left out: after an erasure a redelivery is still the same event.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.words import ActorType, Subject
from eventstore.codec import commitment, content_of, plain
from eventstore.sealing import Checked, Opened, open_words, subjects_of
from eventstore.units import Stored
from eventstore.vault import Keyring


def concerned(stored: Stored) -> Iterator[UUID]:
    """The data subjects that a comparison needs to know, by id."""
    if stored.sealed is not None:
        yield from subjects_of(stored.sealed)
    fields = plain(stored.content)
    for text in (fields["actor"]["id"], fields["stream"]["id"], *fields["payload"].values()):
        if isinstance(text, str) and len(text) == 36 and text.count("-") == 4:
            yield _uuid(text)


def same(workspace: UUID, stored: Stored, again: Checked, keyring: Keyring) -> bool:
    """Whether both say the same. The keyring knows whom `concerned` names."""
    fields = plain(stored.content)
    envelope = again.new.envelope
    opened = open_words(workspace, envelope.id, stored.sealed, keyring) if stored.sealed is not None else {}
    terms = _Terms(fields, opened, keyring)
    replaced: dict[str, object] = {path: terms.words(path, words) for path, words, _ in again.words}
    for name in again.form.pseudonyms:
        external = getattr(again.new.payload, name)
        if external is not None:
            replaced[f"payload.{name}"] = terms.customer(external, fields["payload"].get(name))
    actor, stream = envelope.actor.id, envelope.stream.id
    if envelope.actor.type is ActorType.CUSTOMER:
        actor = terms.customer(actor, fields["actor"]["id"])
    if envelope.stream.subject is Subject.CUSTOMER:
        stream = terms.customer(stream, fields["stream"]["id"])
    return plain(content_of(again.form, envelope, again.new.payload, replaced, stream, actor)) == fields


@dataclass(frozen=True, slots=True)
class _Terms:
    """What stands in the stored event for what the new one says in plain."""

    fields: dict[str, Any]
    opened: Opened
    keyring: Keyring

    def words(self, path: str, words: str) -> object:
        """The commitment to these words with the stored salt; the stored one itself where that salt is forgotten."""
        if path in self.opened:
            return {"commitment": commitment(self.opened[path][0], words.encode())}
        holder = self.fields["payload"] if path.startswith("payload.") else self.fields
        return holder.get(path.removeprefix("payload."))

    def customer(self, external: str, stored: str | None) -> str:
        """The customer's pseudonym; the stored one where that customer was forgotten."""
        known = self.keyring.known.get(("customer", external))
        if stored is not None and (known is None or known.text != stored):
            there = self.keyring.by_id.get(_uuid(stored))
            if there is not None and there.key is None:
                return stored
        return "" if known is None else known.text


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
