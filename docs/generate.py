"""Writes the pages of docs/ that say what the code says: ``python docs/generate.py``. A test holds them current."""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import attrs

from omo_adapters.codecs.answers import REFUSAL_CLASSES
from omo_adapters.codecs.events import EVENT_CLASSES, SHAPES
from omo_adapters.wiring import DECISIONS
from omo_core import fulfilment, loyalty, members, stock
from omo_core.decisions import Command
from omo_core.events import Event
from omo_core.fulfilment.flow import TRANSITIONS

DOCS = Path(__file__).resolve().parent
SOURCE = DOCS.parent / "src"
NOTE = "<!-- Written by docs/generate.py from the code; `make docs` writes it anew. -->\n"

LIMITS_HEAD = f"""{NOTE}
# Limits

Every cap, with its number and what happens beyond it. `Malformed` means: nothing was written, and the error names the
field. In an import the same complaint sends the document to quarantine, and the rest goes on.
"""
LIMITS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Events and commands (`Malformed`)": (
        ("omo_core.money", "AMOUNT_MAX", "minor units in one amount, either sign"),
        ("omo_core.quantities", "POINTS_MAX", "points that one event moves"),
        ("omo_core.quantities", "UNITS_MAX", "units on one line or in one count"),
        ("omo_core.quantities", "LINES_MAX", "lines of one document"),
        ("omo_core.quantities", "TEXT_MAX", "characters of an identifier or reason; control characters are refused"),
        ("omo_core.members.events", "CLAIMS_MAX", "claims on one profile"),
        ("omo_core.events", "VERSION_MAX", "a version number"),
    ),
    "Documents from outside (quarantine)": (
        ("omo_adapters.pos.receipts", "LINE_BYTES_MAX", "bytes of one line of receipt JSON"),
        ("omo_adapters.pos.cutting", "PART_BYTES_MAX", "bytes of one transaction of an XML log"),
        ("omo_adapters.pos.cutting", "ELEMENTS_MAX", "elements of one transaction of an XML log"),
        ("omo_adapters.pos.cutting", "DEPTH_MAX", "levels of nesting in XML"),
        ("omo_adapters.strict_json", "BODY_MAX", "bytes of one Shopify document"),
        ("omo_adapters.strict_json", "DEPTH_MAX", "levels of nesting in JSON"),
        ("omo_adapters.identifiers", "_LENGTH_MAX", "characters of a phone number or e-mail address"),
    ),
    "Settings (`Misconfigured` or `Malformed`)": (
        ("omo_adapters.config", "FILE_BYTES_MAX", "bytes of a settings file"),
    ),
    "Working sizes (no error: beyond them work is split, repeated or recomputed)": (
        ("omo_adapters.coalescing", "BATCH_MAX", "concurrent callers that share one commit; the rest get the next"),
        ("omo_adapters.desk", "SHELF_LIMIT", "persons, and articles, kept folded in memory; the oldest are dropped"),
        (
            "omo_adapters.storage.memos",
            "WORTH_KEEPING",
            "events read before a state is written down beside the journal",
        ),
        (
            "omo_adapters.storage.database",
            "CHECKPOINT_EVERY",
            "commits between checkpoints, where omo runs them itself",
        ),
    ),
    "Waiting (`Contention`, `StoreBusy`: nothing was written, try again with the same request id)": (
        ("omo_adapters.shell", "ATTEMPTS_MAX", "times that a batch is decided anew before `Contention`"),
        ("omo_adapters.storage.database", "WAIT_SECONDS", "seconds that a writer waits before `StoreBusy`"),
    ),
}
LIMITS_TAIL = """
## Time and money

* Instants are from 1900 to 9998, with a time zone; others are `Malformed`.
* Currencies are those that `omo_core/money.py` knows the decimals of; an unknown one is `Malformed`, never guessed.
* There is no limit on the number of events, members or articles but the disk.

```pycon
>>> from omo_core.errors import Malformed
>>> from omo_core.quantities import points, text
>>> for wrong in (lambda: points(0), lambda: points(True), lambda: points(10**13), lambda: text("x" * 201, "order")):
...     try:
...         wrong()
...     except Malformed as complaint:
...         print(complaint)
points: 0 is not within 1 and 1000000000000
points: True is not a whole number
points: 10000000000000 is not within 1 and 1000000000000
order: has 201 characters, the limit is 200
```
"""

EVENTS_HEAD = f"""{NOTE}
# Events

All that a journal may hold. Each class says what happened; `kind` is the name under which it is stored, and never
changes. Amounts are whole minor units (cents), instants are in UTC, and every class is frozen and takes keywords only.
Where an event is stored is explained in [storage-schema.md](storage-schema.md), how versions work in
[facts and commands](../explanation/facts-and-commands.md).

## Every event has
"""
EVENTS_TAIL = """
Among events of one instant the lower rank comes first, then the smaller id. *Shape* is the number of the body's
form; an older shape is lifted to the present one when it is read.
"""
COMMANDS_HEAD = f"""{NOTE}
# Commands and refusals

What can be asked with `Shop.execute`, and every way to be told no. A refusal is a value with the numbers that explain
it. Where several apply, the first in its context's table is given. *Worth retrying* says whether the same wish may
succeed later without the asker changing anything. It then needs a new request id: the old one keeps its answer
([why](../adr/0010-refusals-are-remembered.md)).

## Every command has
"""
STATES_HEAD = f"""{NOTE}
# States of an order

Drawn from `TRANSITIONS` in `omo_core/fulfilment/flow.py`. The steps are commands, and a command is allowed only where
the table has a row for it; else it is refused as `WrongState`. Facts are not in the table: a parcel that left has
left, whatever the state was. The state is never stored, it is read off what happened to the lines; so facts alone can
lead to any state. `open` is an order that waits for payment as well as for goods, `part_handed_over` one of which
some has left.
"""


def first_line(thing: type) -> str:
    return (inspect.getdoc(thing) or "").split("\n", 1)[0]


def in_markdown(text: str) -> str:
    """Docstrings quote code with two backquotes."""
    return re.sub(r"\s+", " ", text.replace("``", "`")).replace("|", "\\|")


def field_texts(cls: type) -> dict[str, str]:
    """The text that stands under each field, also of the classes that it builds on."""
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if not attrs.has(base):
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(base))).body[0]
        assert isinstance(body, ast.ClassDef)
        for line, after in zip(body.body, [*body.body[1:], None], strict=True):
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                told = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
                found[line.target.id] = inspect.cleandoc(str(after.value.value)) if told else ""
    return found


def type_text(field: "attrs.Attribute[Any]", cls: type) -> str:
    """The type as written; where that is a closed list of words, the words."""
    written = field.type if isinstance(field.type, str) else getattr(field.type, "__name__", str(field.type))
    listed = vars(sys.modules[cls.__module__]).get(written)
    if get_origin(listed) is Literal:
        written = " | ".join(repr(word) for word in get_args(listed))
    elif written.startswith("Literal["):
        written = " | ".join(written.removeprefix("Literal[").removesuffix("]").split(", "))
    return written.replace("|", "\\|")


def default_text(field: "attrs.Attribute[Any]") -> str:
    if field.default is attrs.NOTHING:
        return "required"
    if isinstance(field.default, attrs.Factory):  # type: ignore[arg-type]
        return f"`{field.default.factory()!r}`"
    return f"`{field.default!r}`"


def field_rows(cls: type, *, without: Iterable[str] = ()) -> str:
    texts, hidden = field_texts(cls), set(without)
    rows = [
        f"| `{field.name}` | {type_text(field, cls)} | {default_text(field)} | {in_markdown(texts[field.name])} |"
        for field in attrs.fields(cls)
        if field.name not in hidden
    ]
    return "\n".join(["| field | type | default | |", "| --- | --- | --- | --- |", *rows])


def parts_of(cls: type, known: dict[str, type]) -> list[type]:
    """The classes that a field's type names, such as the lines of a sale."""
    names = re.findall(r"[A-Z]\w+", " ".join(str(field.type) for field in attrs.fields(cls)))
    return [known[name] for name in dict.fromkeys(names) if name in known]


def known_parts(cls: type) -> dict[str, type]:
    module = sys.modules[cls.__module__]
    return {
        name: thing
        for name, thing in vars(module).items()
        if isinstance(thing, type) and attrs.has(thing) and not issubclass(thing, Event | Command)
    }


def events_page() -> str:
    common = [field.name for field in attrs.fields(Event)]
    blocks = [
        EVENTS_HEAD,
        field_rows(Event),
        "\n| event | kind | shape | rank | what |\n| --- | --- | --- | --- | --- |",
        "\n".join(
            f"| [{cls.__name__}](#{cls.__name__.lower()}) | `{cls.kind}` | {SHAPES[cls.kind]} | {cls.rank} "
            f"| {in_markdown(first_line(cls))} |"
            for cls in sorted(EVENT_CLASSES, key=lambda cls: (cls.rank, cls.kind))
        ),
        EVENTS_TAIL,
    ]
    for cls in EVENT_CLASSES:
        blocks += [f"\n## {cls.__name__}\n", in_markdown(inspect.getdoc(cls) or ""), ""]
        blocks.append(f"`from {cls.__module__} import {cls.__name__}`\n")
        blocks.append(field_rows(cls, without=common))
        for part in parts_of(cls, known_parts(cls)):
            blocks += [f"\n**{part.__name__}**: {in_markdown(inspect.getdoc(part) or '')}\n", field_rows(part)]
    return "\n".join(blocks) + "\n"


CONTEXTS = {"Members": members, "Loyalty": loyalty, "Stock": stock, "Fulfilment": fulfilment}


def refusals_of(context: Any) -> list[type]:
    union = next(getattr(context, name) for name in context.__all__ if name.endswith("Refusal"))
    return list(union.__args__)


def commands_page() -> str:
    common = [field.name for field in attrs.fields(Command)]
    blocks = [
        COMMANDS_HEAD,
        field_rows(Command),
    ]
    for title, context in CONTEXTS.items():
        commands = [cls for cls in DECISIONS if cls.__module__.startswith(f"{context.__name__}.")]
        where = "omo_core.members.commands" if context is members else context.__name__
        blocks.append(f"\n## {title}\n\n`from {where} import ...`")
        for cls in commands:
            blocks += [f"\n### {cls.__name__}\n", f"{in_markdown(inspect.getdoc(cls) or '')} Kind: `{cls.kind}`.\n"]
            blocks.append(field_rows(cls, without=common))
            for part in parts_of(cls, known_parts(cls)):
                blocks += [f"\n**{part.__name__}**: {in_markdown(inspect.getdoc(part) or '')}\n", field_rows(part)]
        blocks += [f"\n### Refusals of {title.lower()}, in order of precedence\n", refusal_rows(refusals_of(context))]
    anywhere = [cls for cls in REFUSAL_CLASSES if cls.__module__ == "omo_core.decisions"]
    blocks += ["\n## Refusals of any command\n", refusal_rows(anywhere)]
    return "\n".join(blocks) + "\n"


def refusal_rows(classes: list[type]) -> str:
    rows = ["| refusal | kind | when | with | `say()` | worth retrying |", "| --- | --- | --- | --- | --- | --- |"]
    for cls in classes:
        numbers = ", ".join(f"`{field.name}`" for field in attrs.fields(cls)) or "nothing"
        again = "yes" if cls.worth_retrying else "no"  # type: ignore[attr-defined]
        when, said = in_markdown(first_line(cls)), example(cls).say()  # type: ignore[attr-defined]
        rows.append(f"| `{cls.__name__}` | `{cls.kind}` | {when} | {numbers} | {said} | {again} |")  # type: ignore[attr-defined]
    parts = [part for cls in classes for part in parts_of(cls, {c.__name__: c for c in parts_that_explain()})]
    rows += [
        f"\n**{part.__name__}**: {in_markdown(inspect.getdoc(part) or '')}\n\n{field_rows(part)}" for part in parts
    ]
    return "\n".join(rows)


def example(cls: type) -> Any:
    """Make a refusal with the name of each field in its place."""
    parts = {part.__name__: part for part in parts_that_explain()}
    given: dict[str, Any] = {}
    for field in attrs.fields(cls):
        inside = next((part for name, part in parts.items() if f"[{name}," in str(field.type)), None)
        several = str(field.type).startswith("tuple[")
        one = example(inside) if inside is not None else f"*{field.name}*"
        given[field.name] = (one,) if several else one
    return cls(**given)


def parts_that_explain() -> tuple[type, ...]:
    return stock.Short, stock.Full, fulfilment.Missing


def states_page() -> str:
    arrows = "\n".join(f"    {before} --> {after}: {step}" for (before, step), after in TRANSITIONS.items())
    rows = "\n".join(f"| `{before}` | `{step}` | `{after}` |" for (before, step), after in TRANSITIONS.items())
    diagram = f"```mermaid\nstateDiagram-v2\n{arrows}\n```\n"
    return f"{STATES_HEAD}\n{diagram}\n| from | step | to |\n| --- | --- | --- |\n{rows}\n"


def limits_page() -> str:
    blocks = [LIMITS_HEAD]
    for title, rows in LIMITS.items():
        blocks.append(f"\n## {title}\n\n| at most | of what | name |\n| --- | --- | --- |")
        for module, name, what in rows:
            number = getattr(import_module(module), name)
            blocks.append(f"| {number:,} | {what} | `{name.lstrip('_')}` in `{module.replace('.', '/')}.py` |")
    return "\n".join(blocks).replace("\n\n\n", "\n\n") + "\n" + LIMITS_TAIL


ROOMS_HEAD = f"""{NOTE}
# Modules

Every module and what it is for, in its own words. How a fact and a command walk through them is in
[architecture](../explanation/architecture.md).
"""


def rooms_page() -> str:
    """Every package with its modules, and what each says of itself."""
    blocks = [ROOMS_HEAD]
    for package in sorted(SOURCE.glob("omo_*/**/__init__.py")):
        modules = [each for each in sorted(package.parent.glob("*.py")) if each != package]
        rows = "\n".join(f"| `{each.name}` | {own_words(each)} |" for each in modules)
        table = f"\n| module | what it is for |\n| --- | --- |\n{rows}\n" if modules else ""
        blocks.append(f"## `{package.parent.relative_to(SOURCE)}/`\n\n{own_words(package)}\n{table}")
    return "\n".join(blocks)


def own_words(module: Path) -> str:
    """The first paragraph of a module's docstring."""
    return in_markdown((ast.get_docstring(ast.parse(module.read_text("utf-8"))) or "").split("\n\n", 1)[0])


def pages() -> dict[Path, str]:
    """What each generated page must say now."""
    reference = DOCS / "reference"
    return {
        reference / "events.md": events_page(),
        reference / "commands-and-refusals.md": commands_page(),
        reference / "order-states.md": states_page(),
        reference / "limits.md": limits_page(),
        reference / "modules.md": rooms_page(),
    }


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, "utf-8")
