"""One damaged checkpoint and what must become of it."""

import dataclasses

CONFIG = ("model-config-contradicts-tensors", "config-field-missing", "config-contradicts-tensors", "model-config-missing")


@dataclasses.dataclass(frozen=True)
class Case:
    family: str
    name: str
    damage: tuple
    goal: str
    """`equal`: ends in the GGUF of the undamaged checkpoint, repaired if it must be. `refused`: stopped, with a code of
    `codes`. `open`: told that `fields` cannot be known (stopped, or listed as undetermined), never filled in silently.
    `safe`: any of these three, where an expert may well do either."""
    codes: tuple = ()
    fields: tuple = ()

    @property
    def id(self):
        return f"{self.family}--{self.name}"


def equal(family, name, *damage, codes=()):
    return Case(family, name, damage, "equal", tuple(codes))


def refused(family, name, *damage, codes):
    return Case(family, name, damage, "refused", tuple(codes))


def is_open(family, name, *damage, fields, codes=CONFIG):
    return Case(family, name, damage, "open", tuple(codes), tuple(fields))


def is_safe(family, name, *damage, codes, fields=()):
    return Case(family, name, damage, "safe", tuple(codes), tuple(fields))
