"""Consents and tags, which Shopify tells apart from the customer record: by topics of their own, and in exports.

A customer webhook of today carries neither, an export and an older webhook carry both, under the same record version.
So the record says nothing of them, and each consent and list of tags is a document of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Final

from omo_adapters.inbound import Ignored, NotUnderstood, Outcome, Understood
from omo_adapters.shopify import ids
from omo_adapters.shopify.decoding import instant
from omo_adapters.shopify.records import Consent, Customer, EmailConsent, SmsConsent, TagsMoved, WhatsAppConsent
from omo_adapters.shopify.shapes import gid_number
from omo_core.instants import EPOCH, micros
from omo_core.members import ConsentSeen, TagsChanged, TagsSeen

ALLOWED: Final = {"subscribed": True, "unsubscribed": False, "redacted": False}
"""Consent states that decide. The others (never asked, waiting for a confirmation, invalid address) say nothing."""
_NEVER_ASKED: Final = "the customer was never asked"


def record_consents(customer: Customer, updated: datetime) -> Iterator[ConsentSeen]:
    """Give the consents that a record states."""
    for channel, consent in (("email", customer.email_marketing_consent), ("sms", customer.sms_marketing_consent)):
        if consent is not None:
            yield from _consent(customer.number, channel, consent, updated)


def record_tags(customer: Customer, updated: datetime) -> Iterator[TagsSeen]:
    """Give the tags that a record lists; none when it does not speak of tags."""
    if customer.tags is not None:
        yield TagsSeen(
            id=ids.tags_event(customer.number),
            at=updated,
            version=micros(updated),
            source=ids.SOURCE,
            profile=ids.profile_id(customer.number),
            tags=tuple(sorted({tag.strip() for tag in customer.tags.split(",")} - {""})),
        )


def _consent(customer: str, channel: str, consent: Consent, otherwise: datetime) -> Iterator[ConsentSeen]:
    """Give one consent, in the version of its own time; one that has no time is as of ``otherwise``."""
    allowed = ALLOWED.get(consent.state.lower())
    when = consent.consent_updated_at or consent.updated_at
    if allowed is None and not when:
        return
    at = instant(when, "consent_updated_at") if when else otherwise
    yield ConsentSeen(
        id=ids.consent_event(customer, channel),
        at=at,
        version=micros(at),
        source=ids.SOURCE,
        profile=ids.profile_id(customer),
        channel=channel,
        allowed=allowed,
    )


def read_email_consent(body: EmailConsent, when: datetime | None) -> Outcome:
    """Say what the customer said about e-mails."""
    return _outcome(str(body.customer_id), "email", body.email_marketing_consent, when)


def read_sms_consent(body: SmsConsent, when: datetime | None) -> Outcome:
    """Say what the customer said about text messages."""
    return _outcome(str(body.id), "sms", body.sms_marketing_consent, when)


def read_whatsapp_consent(body: WhatsAppConsent, when: datetime | None) -> Outcome:
    """Say what the customer said about WhatsApp."""
    return _outcome(str(body.customer_id), "whatsapp", body.whats_app_marketing_consent, when)


def _outcome(customer: str, channel: str, consent: Consent, when: datetime | None) -> Outcome:
    events = tuple(_consent(customer, channel, consent, EPOCH if when is None else when))
    return Understood(events=events) if events else Ignored(reason=_NEVER_ASKED)


def read_tags(moved: TagsMoved, *, added: bool) -> Outcome:
    """Say which tags were put on a record or taken off it."""
    customer = gid_number(moved.customer_id, "customerId")
    at = instant(moved.occurred_at, "occurredAt")
    tags = tuple(sorted({tag.strip() for tag in moved.tags} - {""}))
    if not tags:
        return NotUnderstood(path="tags", reason="names no tag")
    said = sha256(repr((added, tags)).encode("utf-8", "backslashreplace")).hexdigest()[:16]
    changed = TagsChanged(
        id=ids.tags_change_event(customer, micros(at), said),
        at=at,
        source=ids.SOURCE,
        profile=ids.profile_id(customer),
        added=tags if added else (),
        removed=() if added else tags,
    )
    changed.check()
    return Understood(events=(changed,))
