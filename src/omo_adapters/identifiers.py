"""One spelling per identifier: what a phone, an e-mail or a card number looks like before it is fingerprinted.

Two records meet only when their identifiers are spelled alike, so a spelling that is not certain is refused: a false
join gives one customer another's points, a missed one can be mended at the counter.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from omo_core.errors import Malformed
from omo_core.quantities import TEXT_MAX

_LENGTH_MAX: Final = 254
"""The longest e-mail address there is (RFC 5321); nothing that identifies a customer is longer."""
_PHONE_SIGNS: Final = frozenset("0123456789+-().\u00a0 /")
_PUNCTUATION: Final = {
    **{chr(0xFEE0 + ord(sign)): sign for sign in "+-()./"},
    "\u3000": " ",
    **dict.fromkeys("\u2010\u2011\u2012\u2013", "-"),
}
"""Full-width signs, and the dashes that word processors make of a hyphen."""
_LINE: Final = re.compile(r"[Uu][0-9A-Fa-f]{32}")


def _plain_digits(text: str) -> str:
    """Read full-width and other scripts' digits as plain ones; nothing else is changed."""
    return "".join(str(unicodedata.decimal(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in text)


def phone_e164(text: str, region: str, path: str = "phone") -> str:
    """Give a phone number as ``+85291234567``.

    ``region`` is where a number without a country code belongs. ``00`` and the region's own exit codes are understood;
    where the two give different numbers (in Hong Kong ``001 65 9456 7890`` may be one of Singapore or of America), it
    is refused. So is an extension, since it is shared by whoever sits at that desk, and a number that its country's
    numbering plan does not have.
    """
    if len(text) > _LENGTH_MAX:
        raise Malformed(path, "is too long for a phone number")
    plain = _plain_digits("".join(_PUNCTUATION.get(sign, sign) for sign in text).strip())
    if not set(plain) <= _PHONE_SIGNS:
        raise Malformed(path, "has signs in it that no phone number has")
    readings = (plain, f"+{plain[2:]}") if plain.startswith("00") else (plain,)
    found = list(dict.fromkeys(number for each in readings if (number := _callable(each, region)) is not None))
    if len(found) > 1:
        raise Malformed(path, "may be either of two numbers; write it with + and the country code")
    if not found:
        raise Malformed(path, f"is not a number that can be called, as written in {region}")
    return found[0]


def _callable(text: str, region: str) -> str | None:
    """Read a number as it is dialled in a region; none when nobody could be called by it."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_key(text: str, path: str = "email") -> str:
    """Give an e-mail in lower case, its domain in ASCII.

    Dots and ``+tags`` stay: only the provider knows whether they mean anything. A local part outside of ASCII is
    refused, because letters that look alike, or that some software folds into another (a dotless i), have let
    strangers into accounts.
    """
    address = text.strip(" ")
    if len(address) > _LENGTH_MAX:
        raise Malformed(path, "is too long for an e-mail address")
    local, _, _ = address.rpartition("@")
    if not local.isascii():
        raise Malformed(path, "has letters before the @ that are not plain ones")
    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False, allow_empty_local=False)
    except EmailNotValidError:
        raise Malformed(path, "is not an e-mail address") from None
    return f"{found.local_part}@{found.ascii_domain}".lower()


def card_key(text: str, path: str = "card") -> str:
    """Give a card number as it is printed without its gaps: letters in capitals, digits plain."""
    plain = _plain_digits(text.strip()).replace(" ", "").replace("-", "")
    if not plain:
        raise Malformed(path, "is empty")
    if len(plain) > 64 or not (plain.isascii() and plain.isalnum()):
        raise Malformed(path, "is not a card number: letters and digits only, 64 at most")
    return plain.upper()  # only now: some letters outside of ASCII become plain ones in capitals


def account_key(text: str, path: str = "account") -> str:
    """Give the id that a platform hands out as it is, without space around it; letters differ from capitals there."""
    plain = text.strip()
    if not plain:
        raise Malformed(path, "is empty")
    if len(plain) > TEXT_MAX:
        raise Malformed(path, f"is longer than {TEXT_MAX} characters")
    if not plain.isascii() or not plain.isprintable() or " " in plain:
        raise Malformed(path, "has signs in it that no platform puts into an id")
    return plain


def line_key(text: str, path: str = "line") -> str:
    """Give a LINE user id: a capital U and 32 digits of which LINE writes the letters small."""
    plain = account_key(text, path)
    return f"U{plain[1:].lower()}" if _LINE.fullmatch(plain) else plain


def shopify_key(text: str, path: str = "shopify") -> str:
    """Give a Shopify customer's bare number, also where it was written as ``gid://shopify/Customer/7``."""
    return account_key(text, path).removeprefix("gid://shopify/Customer/")


def claim_key(kind: str, value: str, region: str) -> str:
    """Bring an identifier of any kind to its one spelling; kinds that omo does not know are taken as they are."""
    match kind:
        case "phone":
            return phone_e164(value, region)
        case "email":
            return email_key(value)
        case "card":
            return card_key(value)
        case "line":
            return line_key(value)
        case "shopify":
            return shopify_key(value)
        case "whatsapp" | "app":
            return account_key(value, kind)
        case _:
            return value.strip()
