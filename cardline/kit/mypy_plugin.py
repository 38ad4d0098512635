"""For the type checker only: how a command is called.

A command's function takes `by: Standing`; its callers pass an Actor, and may add a `key`. Python's types cannot say
that of a decorator whose other parameters stay as they are, so this tells mypy, and every call of a command is checked
to the last argument: a text that did not pass the redactor is an error (ARCHITECTURE 2.3).
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.nodes import ARG_NAMED_OPT
from mypy.plugin import MethodSigContext, Plugin
from mypy.types import FunctionLike, Instance, NoneType, UnionType, get_proper_type

_CALLS = ("cardline.kit.commands.Command.__call__", "cardline.kit.commands.Command.soon")


def as_callers_see_it(context: MethodSigContext) -> FunctionLike:
    """`by: Actor | Standing`, and `key: str | None` besides what the function declares."""
    signature = context.default_signature
    if "by" not in signature.arg_names:
        return signature
    place = signature.arg_names.index("by")
    standing = get_proper_type(signature.arg_types[place])
    if not isinstance(standing, Instance) or (actor := standing.type.names["actor"].type) is None:
        return signature
    key = UnionType([context.api.named_generic_type("builtins.str", []), NoneType()])
    types = list(signature.arg_types)
    types[place] = UnionType([actor, types[place]])
    return signature.copy_modified(
        arg_types=[*types, key],
        arg_kinds=[*signature.arg_kinds, ARG_NAMED_OPT],
        arg_names=[*signature.arg_names, "key"],
    )


class CommandPlugin(Plugin):
    def get_method_signature_hook(self, fullname: str) -> Callable[[MethodSigContext], FunctionLike] | None:
        return as_callers_see_it if fullname in _CALLS else None


def plugin(version: str) -> type[Plugin]:
    """mypy's entry point."""
    return CommandPlugin
