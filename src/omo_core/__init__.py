"""The rules of a shop that sells online and in stores as one shop, as pure functions over events.

Where to look:

* ``events`` and ``trade`` - what can have happened, and the order in which a fold meets it;
* ``members`` - which records are one person;
* ``loyalty`` - points and tiers as a fold over sales, refunds and redemptions;
* ``stock`` - what lies where, what is promised, what is free;
* ``fulfilment`` - an order from placed to handed over;
* ``ports`` - what the rules need from the outside: journal, feed, vault.

Nothing in here reads a clock, draws a random number or touches a file. The root exports only the version;
import the context you need.
"""

__version__ = "0.1.0"
