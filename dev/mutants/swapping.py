"""How a mutant comes alive: inside functions that are loaded, or by loading its module instead.

Loading takes a second, so a mutant inside a function is put into the loaded function objects. A
mutant in what runs at import (tables, decorators, defaults) needs its module loaded anew.
"""

import functools
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import CodeType, FunctionType, ModuleType

from dev.mutants.making import Mutant
from dev.mutants.place import PROTOCOL

PACKAGE = "backend.protocol"
Swaps = list[tuple[CodeType, CodeType]]
Where = tuple[str, str, int, bytes]
Live = Mapping[Where, Sequence[FunctionType]]


@functools.lru_cache(maxsize=4)
def _compiled(module: str, source: str) -> CodeType:
    return compile(source, str(PROTOCOL / f"{module}.py"), "exec", dont_inherit=True)


def swaps_of(mutant: Mutant) -> Swaps | None:
    """Which code replaces which, innermost first; empty if both say the same.

    `None` if the change runs at import, or is no Python.
    """
    try:
        new = _compiled(mutant.module, mutant.source)
    except SyntaxError:
        return None
    found = _changed(_compiled(mutant.module, mutant.original), new)
    at_import = [old for old, _ in found if not old.co_flags & inspect.CO_OPTIMIZED]
    return None if at_import else found


def _changed(old: CodeType, new: CodeType) -> Swaps:
    inner, other = _inner(old), _inner(new)
    if _own(old) != _own(new) or len(inner) != len(other):
        return [(old, new)]
    found = [pair for pairs in zip(inner, other, strict=True) for pair in _changed(*pairs)]
    if found and old.co_flags & inspect.CO_OPTIMIZED:
        found.append((old, new))  # closures that it makes later are the new ones
    return found


def _inner(code: CodeType) -> list[CodeType]:
    return [const for const in code.co_consts if isinstance(const, CodeType)]


def _own(code: CodeType) -> tuple[object, ...]:
    """What a code object does by itself: not where it stands, not what is defined in it."""
    consts = [_exact(const) for const in code.co_consts if not isinstance(const, CodeType)]
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return code.co_code, consts, names, code.co_flags, code.co_exceptiontable


def _exact(const: object) -> object:
    """A constant with its type, since 1 == True."""
    if isinstance(const, frozenset):
        return sorted(map(repr, const))
    return type(const), repr(const)


def _where(code: CodeType) -> Where:
    """Where code stands. (Code that has run is not equal to the same code that has not.)"""
    return code.co_filename, code.co_qualname, code.co_firstlineno, code.co_linetable


def live_functions() -> Live:
    """The loaded functions of the rules, by where their code stands."""
    found: dict[Where, list[FunctionType]] = defaultdict(list)
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and (thing.__module__ or "").startswith(PACKAGE):
            found[_where(thing.__code__)].append(thing)
    return found


def caches() -> list[functools._lru_cache_wrapper]:
    """What the rules keep of what they computed."""
    return [
        thing
        for thing in gc.get_objects()
        if isinstance(thing, functools._lru_cache_wrapper)
        and (getattr(thing, "__module__", None) or "").startswith((PACKAGE, "operator"))
    ]


def put_in(swaps: Swaps, live: Live) -> bool:
    """Let the loaded functions run the new code; False if that cannot be done."""
    if _where(swaps[-1][0]) not in live:
        return False
    left = {_where(code) for old, _ in swaps for code in _inner(old)} - {
        _where(o) for o, _ in swaps
    }
    if not left.isdisjoint(live):
        return False  # closures that were made already would stay as they are
    found = [(function, new) for old, new in swaps for function in live.get(_where(old), ())]
    if any(function.__code__.co_freevars != new.co_freevars for function, new in found):
        return False
    for function, new in found:
        function.__code__ = new
    return True


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads the mutant instead of the module."""

    def __init__(self, name: str, path: str, mutant: Mutant) -> None:
        super().__init__(name, path)
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return _compiled(self._mutant.module, self._mutant.source)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds one module of the rules before anybody else does."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self,
        fullname: str,
        path: object = None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != f"{PACKAGE}.{self._mutant.module}":
            return None
        file = str(PROTOCOL / f"{self._mutant.module}.py")
        loader = _Loader(fullname, file, self._mutant)
        return importlib.util.spec_from_file_location(fullname, file, loader=loader)


def load_instead(mutant: Mutant) -> None:
    """From now on its module is the mutant. Nothing of the rules may be loaded yet."""
    if PACKAGE in sys.modules:
        raise RuntimeError("the rules are loaded already")
    sys.meta_path.insert(0, _Finder(mutant))
