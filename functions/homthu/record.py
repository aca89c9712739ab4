"""`@record`: a frozen dataclass whose methods all classes share, instead of having their own compiled.

A dataclass writes out six methods and has Python compile them whenever its module is imported. For the sixty
classes that a form needs, this was half of what `form` added to the start of a function that does nothing.
"""

import dataclasses
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,))
def record(cls: type[T]) -> type[T]:
    """Have a class hold what it declares, given by name: equal, hashed and shown by it, and never changed.

    `dataclasses.replace`, `fields` and `asdict` take its instances. Methods that it defines itself stay.
    """
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=True)(cls)
    for name, method in _METHODS.items():
        if name not in vars(cls):
            setattr(cls, name, method)
    fields = dataclasses.fields(made)
    made.record_names = frozenset(field.name for field in fields)
    made.record_values = attrgetter(*(field.name for field in fields))
    made.record_defaults = {
        field.name: field.default for field in fields if field.default is not dataclasses.MISSING
    }
    made.record_factories = {
        field.name: field.default_factory
        for field in fields
        if field.default_factory is not dataclasses.MISSING
    }
    return cls


def _init(self: Any, /, **given: Any) -> None:
    if given.keys() != self.record_names:
        given = _with_defaults(type(self), given)
    vars(self).update(given)


def _with_defaults(cls: Any, given: dict[str, Any]) -> dict[str, Any]:
    """What was given and the defaults of the rest; raise `TypeError` for a name too few or too many."""
    values = {**cls.record_defaults, **given}
    for name, factory in cls.record_factories.items():
        if name not in values:
            values[name] = factory()
    if wrong := values.keys() ^ cls.record_names:
        raise TypeError(f"{cls.__qualname__}: missing or unknown: {', '.join(sorted(wrong))}")
    return values


def _eq(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return self.record_values(self) == self.record_values(other)


def _hash(self: Any) -> int:
    return hash(self.record_values(self))


def _repr(self: Any) -> str:
    values = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self))
    return f"{type(self).__qualname__}({', '.join(values)})"


def _refuse(self: Any, name: str, value: object = None) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to or delete {name!r}")


_METHODS = {
    "__init__": _init,
    "__repr__": _repr,
    "__eq__": _eq,
    "__hash__": _hash,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
}
