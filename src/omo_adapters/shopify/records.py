"""The shape of what Shopify says about customers."""

from __future__ import annotations

from pydantic import Field

from omo_adapters.shopify.shapes import Document, Many, Number, Payload


class Consent(Payload):
    """Whether marketing over one channel is allowed, and since when that is so."""

    state: str = ""
    consent_updated_at: str = ""
    updated_at: str = ""
    """What WhatsApp's consent calls the same."""


class EmailConsent(Payload):
    """``customers_email_marketing_consent/update``."""

    customer_id: Number
    email_marketing_consent: Consent


class SmsConsent(Payload):
    """``customers_marketing_consent/update``."""

    id: Number
    sms_marketing_consent: Consent


class WhatsAppConsent(Payload):
    """``customers_whats_app_marketing_consent/update``."""

    customer_id: Number
    whats_app_marketing_consent: Consent


class TagsMoved(Payload):
    """``customer.tags_added`` and ``customer.tags_removed``."""

    customer_id: str = Field(validation_alias="customerId")
    occurred_at: str = Field(validation_alias="occurredAt")
    tags: Many[str]


class Address(Payload):
    """Where a customer lives."""

    company: str = ""
    address1: str = ""
    address2: str = ""
    city: str = ""
    province: str = ""
    zip: str = ""
    country: str = ""


class Customer(Document):
    """``customers/create``, ``update``, ``enable``, ``disable`` and each customer of an export."""

    created_at: str = ""
    updated_at: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    verified_email: bool = False
    phone: str = ""
    note: str = ""
    tags: str | None = None
    """Exports and older webhooks only; an empty text says that there are none."""
    default_address: Address | None = None
    email_marketing_consent: Consent | None = None
    sms_marketing_consent: Consent | None = None


class DeletedCustomer(Document):
    """``customers/delete``."""


class Merge(Payload):
    """``customers/merge``."""

    admin_graphql_api_customer_kept_id: str
    admin_graphql_api_customer_deleted_id: str
    status: str


class PrivateCustomer(Payload):
    """The customer that a privacy request is about; its e-mail and phone are not read."""

    id: Number


class DataRequest(Payload):
    """The number of a request for a copy of one's data."""

    id: Number


class PrivacyRequest(Payload):
    """``customers/redact`` and ``customers/data_request``."""

    customer: PrivateCustomer
    data_request: DataRequest | None = None
