"""Whether an event that comes with a known id is the same event again.

Salts and pseudonyms are random, so the new delivery is brought into the stored one's terms before they are compared.
What was forgotten cannot be compared, and is left out: after an erasure a redelivery is still the same event.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.words import ActorType, Subject
from eventstore.codec import commitment, content_of, plain
from eventstore.sealing import Checked, Opened, open_words, subjects_of
from eventstore.units import Stored
from eventstore.vault import DataSubject, Keyring, Name


def concerned(stored: Stored) -> Iterator[UUID]:
    """Ids of the data subjects that a comparison needs to know."""
    if stored.sealed is not None:
        yield from subjects_of(stored.sealed)
    fields = plain(stored.content)
    for text in (fields["actor"]["id"], fields["stream"]["id"], *fields["payload"].values()):
        if isinstance(text, str) and len(text) == 36 and text.count("-") == 4:
            yield _uuid(text)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares deliveries with stored events. `known` are the data subjects that the deliveries name, `by_id` those
    that the stored events `concerned`, as far as there are such."""

    workspace: UUID
    known: Mapping[Name, DataSubject]
    by_id: Mapping[UUID, DataSubject]
    keyring: Keyring

    def same(self, stored: Stored, again: Checked) -> bool:
        """Whether both say the same."""
        fields = plain(stored.content)
        envelope, payload = again.new.envelope, again.new.payload
        opened: Opened = {}
        if stored.sealed is not None:
            opened = open_words(self.workspace, envelope.id, stored.sealed, self.by_id, self.keyring)
        replaced = {path: _committed(path, words, opened, fields) for path, words, _ in again.words}
        for name in again.form.pseudonyms:
            external = getattr(payload, name)
            if external is not None:
                replaced[f"payload.{name}"] = self._pseudonym(external, fields["payload"].get(name))
        actor, stream = envelope.actor.id, envelope.stream.id
        if envelope.actor.type is ActorType.CUSTOMER:
            actor = self._pseudonym(actor, fields["actor"]["id"])
        if envelope.stream.subject is Subject.CUSTOMER:
            stream = self._pseudonym(stream, fields["stream"]["id"])
        return plain(content_of(again.form, envelope, payload, replaced, stream, actor)) == fields

    def _pseudonym(self, external: str, stored: str | None) -> str:
        """The customer's pseudonym; the stored one where that customer was forgotten."""
        known = self.known.get(("customer", external))
        if stored is not None and (known is None or known.text != stored):
            there = self.by_id.get(_uuid(stored))
            if there is not None and there.key is None:
                return stored
        return "" if known is None else known.text


def _committed(path: str, words: str, opened: Opened, fields: Mapping[str, Any]) -> object:
    """The commitment to these words with the stored salt; the stored one itself where that salt is forgotten."""
    if path in opened:
        return {"commitment": commitment(opened[path][0], words.encode())}
    in_payload = path.startswith("payload.")
    return (fields["payload"] if in_payload else fields).get(path.removeprefix("payload."))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
