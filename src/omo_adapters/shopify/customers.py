"""A customer record becomes what omo may know of it: fingerprints, consents, tags. The rest goes to the vault.

Only a record's own topics speak of it. The copy of a customer inside of an order lacks fields, and two contents under
one version would be a conflict, so an order only names its customer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from omo_adapters.identifiers import email_key, phone_e164
from omo_adapters.inbound import Context, Ignored, Outcome, Personal, Understood
from omo_adapters.names.traits import Name
from omo_adapters.shopify import ids
from omo_adapters.shopify.consents import record_consents, record_tags
from omo_adapters.shopify.decoding import instant
from omo_adapters.shopify.records import Customer, DeletedCustomer, Merge, PrivacyRequest
from omo_adapters.shopify.shapes import Payload, gid_number
from omo_core.errors import Malformed
from omo_core.events import VERSION_MAX
from omo_core.identifiers import EventId
from omo_core.instants import EPOCH, micros
from omo_core.members import Claim, ProfileSeen, ProfilesJoined
from omo_core.members.events import Proof
from omo_core.members.statements import ExportRequested, RecordErased


def read_customer(customer: Customer, context: Context) -> Outcome:
    """Give the record in one of its versions, and its personal data for the vault.

    It happened when the record was created, so that a change of a record never makes it younger than another.
    """
    updated = instant(customer.updated_at, "updated_at")
    seen = ProfileSeen(
        id=ids.profile_event(customer.number),
        at=instant(customer.created_at, "created_at") if customer.created_at else updated,
        version=micros(updated),
        source=ids.SOURCE,
        profile=ids.profile_id(customer.number),
        claims=tuple(_claims(customer, context)),
        updated_at=updated,
    )
    named = context.traits(seen, Name(first=customer.first_name, last=customer.last_name))
    events = (seen, *named, *record_consents(customer, updated), *record_tags(customer, updated))
    for event in events:
        event.check()
    fields = dict(_fields(customer))
    personal = (Personal(profile=seen.profile, version=seen.version, fields=fields),) if fields else ()
    return Understood(events=events, personal=personal)


def _claims(customer: Customer, context: Context) -> Iterator[Claim]:
    """Give the identifiers that can be keys. One that is not well spelled is no key; it stays in the personal data."""
    yield Claim(kind="shopify", fingerprint=context.fingerprint("shopify", customer.number), proof="platform")
    email = _email(customer.email)
    if email is not None:
        proof: Proof = "login" if customer.verified_email else "typed"
        yield Claim(kind="email", fingerprint=context.fingerprint("email", email), proof=proof)
    phone = _phone(customer.phone, context.region)
    if phone is not None:
        yield Claim(kind="phone", fingerprint=context.fingerprint("phone", phone), proof="typed")


def _email(text: str) -> str | None:
    try:
        return email_key(text) if text else None
    except Malformed:
        return None


def _phone(text: str, region: str) -> str | None:
    try:
        return phone_e164(text, region) if text else None
    except Malformed:
        return None


def _fields(customer: Customer) -> Iterator[tuple[str, str]]:
    """Name the personal data that the record has."""
    yield from _filled("", customer, ("first_name", "last_name", "email", "phone", "note"))
    name = Name(first=customer.first_name, last=customer.last_name).whole
    if name:
        yield "name", name
    if customer.default_address is not None:
        address = customer.default_address
        yield from _filled(
            "address_", address, ("company", "address1", "address2", "city", "province", "zip", "country")
        )


def _filled(prefix: str, part: Payload, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in names:
        text: str = getattr(part, name)
        if "\0" in text or (not text.isascii() and _unpaired(text)):
            raise Malformed(name, "has a character in it that no store can hold")
        if text:
            yield prefix + name, text


def _unpaired(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def read_deletion(customer: DeletedCustomer, when: datetime | None) -> Outcome:
    """Say that the record is gone for good.

    The body has no time, so the delivery's stands for it. Where nobody says when (a file without headers), the
    deletion takes the highest version there is, because Shopify never gives a number twice, and the earliest instant.
    """
    gone = ProfileSeen(
        id=ids.profile_event(customer.number),
        at=EPOCH if when is None else when,
        version=VERSION_MAX if when is None else micros(when),
        source=ids.SOURCE,
        profile=ids.profile_id(customer.number),
        deleted=True,
    )
    gone.check()
    return Understood(events=(gone,))


def read_merge(merge: Merge, when: datetime | None) -> Outcome:
    """Say that Shopify made one record of two. It may also say that it tried and failed."""
    if merge.status != "completed":
        return Ignored(reason=f"the merge is {merge.status:.40}, not completed")
    kept = gid_number(merge.admin_graphql_api_customer_kept_id, "admin_graphql_api_customer_kept_id")
    deleted = gid_number(merge.admin_graphql_api_customer_deleted_id, "admin_graphql_api_customer_deleted_id")
    joined = ProfilesJoined(
        id=ids.joined_event(kept, deleted),
        at=EPOCH if when is None else when,
        source=ids.SOURCE,
        one=ids.profile_id(kept),
        other=ids.profile_id(deleted),
        reason="merged in Shopify",
    )
    joined.check()
    return Understood(events=(joined,))


def read_redaction(request: PrivacyRequest, when: datetime | None) -> Outcome:
    """Forget a record. Its orders stay on the books: they name nobody but the record's number."""
    at = EPOCH if when is None else when
    record = ids.profile_id(str(request.customer.id))
    erased = RecordErased(
        id=EventId(f"erased/{record}"), at=at, version=micros(at), source=ids.SOURCE, profile=record, actor="shopify"
    )
    erased.check()
    return Understood(events=(erased,))


def read_data_request(request: PrivacyRequest, when: datetime | None) -> Outcome:
    """Remember that a customer wants a copy of what is kept; somebody has to hand it over."""
    record = ids.profile_id(str(request.customer.id))
    number = request.data_request.id if request.data_request is not None else 0
    asked = ExportRequested(
        id=EventId(f"export/{record}:{number}"),
        at=EPOCH if when is None else when,
        source=ids.SOURCE,
        profile=record,
    )
    asked.check()
    return Understood(events=(asked,))
