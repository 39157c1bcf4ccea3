"""Routines: functions compiled each by itself and called through a table of addresses.

numba compiles what a function calls into it, again in each function above: a deep engine would take
minutes, for scenarios that use a tenth of it. A routine ends that. Its caller knows only where in
the table its address stands, so it is compiled once, where a scenario needs it, beside others in
another process, and kept. A call costs about two nanoseconds more.

Every routine takes Tables first that hold the table of addresses in a field `routines`.
"""
# mypy: disable-error-code="no-untyped-call, untyped-decorator, import-untyped, misc"

from collections.abc import Callable, Iterator, Mapping
from inspect import Parameter, Signature
from types import CodeType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.ccallback import CFunc
from numba.core.dispatcher import Dispatcher
from numba.core.typing.templates import infer, infer_global, make_intrinsic_template

from treadle.engine.compiled import OPTIONS, compiled
from treadle.engine.keeping import kept
from treadle.engine.tables import Tables

Function = TypeVar("Function", bound=Callable[..., object])
_PLAIN: dict[Any, Any] = {
    int: types.int64,
    float: types.float64,
    bool: types.boolean,
    type(None): types.none,
}


class Routine:
    """A function that compiled code calls through the table; Python calls it directly.

    Attributes
    ----------
    py_func
        The function as written.
    place
        Where in the table its address stands.
    """

    def __init__(self, function: Callable[..., object], place: int) -> None:
        self.py_func = function
        self.place = place
        self.__name__, self.__doc__ = function.__name__, function.__doc__
        self._compiled = compiled(function)
        takes, returns = _hints(function)
        _teach(self, takes, returns, lambda _: place)

    def __repr__(self) -> str:
        return f"routine {self.place} {self.py_func.__annotations__}"

    def __call__(self, *arguments: object) -> object:
        """Call it from Python, compiled for itself."""
        return self._compiled(*arguments)


class Family:
    """Routines of one signature, called by number: `family(tables, state, number, ...)`."""

    def __init__(self, place: int, takes: list[Any], returns: Any) -> None:
        self.place = place
        self._shown = f"family {place} {takes} {returns}"
        _teach(self, [*takes[:2], int, *takes[2:]], returns, lambda args: (place, args[2]))

    def __repr__(self) -> str:
        return self._shown

    def __call__(self, *arguments: object) -> Any:
        """Stand for the call in compiled code."""
        raise NotImplementedError("a family of routines is called by compiled code alone")


def routine(place: int) -> Callable[[Function], Function]:
    """Make a function a routine whose address stands at a place of the table."""

    def make(function: Function) -> Function:
        return cast("Function", Routine(function, place))

    return make


def address_of(function: object, tables: Mapping[type[Tables], Tables]) -> int:
    """Return where a function's machine code is: loaded from disk, else compiled and kept there.

    Parameters
    ----------
    function
        A routine or another compiled function.
    tables
        One object of each kind of Tables, of the arrays' types that all others have too.
    """
    body = cast("Any", function).py_func
    takes, returns = _hints(body)
    signature = _type_of(returns, tables)(*(_type_of(kind, tables) for kind in takes))
    made: Any = CFunc(body, (signature.args, signature.return_type), locals={}, options=_CALLBACK)
    made._cache = kept(body)  # noqa: SLF001 - what `enable_caching` sets, by another rule
    made.compile()
    _loaded.append(made)
    return int(cast("int", made.address))


def type_of(tables: Tables) -> object:
    """Return how compiled code sees an object of arrays; one type, one object."""
    found: object = numba.typeof(tables)
    return found


def _hints(function: Callable[..., object]) -> tuple[list[Any], Any]:
    """Return the types that a function takes and the one that it returns."""
    hints = get_type_hints(function)
    returns = hints.pop("return")
    return list(hints.values()), returns


def called_by(function: object) -> Iterator[Routine | Family]:
    """Yield the routines and families that compiled code under a function may call."""
    seen: set[int] = set()
    waiting = [function]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, Routine | Family) and one is not function:
            yield one
        elif isinstance(one, Routine | Dispatcher):
            body: Any = one.py_func
            waiting.extend(body.__globals__[n] for n in _names(body.__code__, body.__globals__))


def _names(code: CodeType, known: Mapping[str, object]) -> Iterator[str]:
    return (name for name in code.co_names if name in known)


_CALLBACK = {name: value for name, value in OPTIONS.items() if name != "nogil"}
_loaded: list[object] = []
"""Machine code lives as long as this process."""


def _type_of(hint: Any, tables: Mapping[type[Tables], Tables]) -> Any:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if get_origin(hint) is tuple:
        return types.BaseTuple.from_types([_type_of(one, tables) for one in get_args(hint)])
    return numba.typeof(tables[hint])


def _teach(it: Routine | Family, takes: list[Any], returns: Any, place: Any) -> None:
    """Tell numba how compiled code calls a routine or a member of a family."""

    def define(context: Any, *given: Any) -> Any:
        del context
        kinds = [_PLAIN.get(hint, given[k]) for k, hint in enumerate(takes)]
        result = _PLAIN.get(returns)
        if result is None:
            result = types.BaseTuple.from_types([_PLAIN[one] for one in get_args(returns)])
        return result(*kinds), generate

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = ir.IntType(64)
        index = builder.inttoptr(arguments[0], word.as_pointer())
        field = signature.args[0].place("routines")
        table = builder.load(cgutils.gep_inbounds(builder, index, field))
        at = place(arguments)
        passed = list(zip(signature.args, arguments, strict=True))
        if isinstance(at, tuple):
            at = builder.add(ir.Constant(word, at[0]), at[1])
            del passed[2]
        else:
            at = ir.Constant(word, at)
        address = builder.load(builder.gep(builder.inttoptr(table, word.as_pointer()), [at]))
        kinds = [context.get_value_type(kind) for kind, _ in passed]
        result = context.get_value_type(signature.return_type)
        kind = ir.FunctionType(result, kinds)
        function = builder.inttoptr(address, kind.as_pointer())
        return builder.call(function, [value for _, value in passed])

    names = ["context", *(f"a{k}" for k in range(len(takes)))]
    shown = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names]
    define.__signature__ = Signature(shown)  # type: ignore[attr-defined]
    name = it.__name__ if isinstance(it, Routine) else "family"
    template = make_intrinsic_template(it, define, name)
    infer(template)
    infer_global(it, types.Function(template))
