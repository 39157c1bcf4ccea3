"""How Tables are handed to compiled code: numba's extension interface, which has no types."""
# mypy: disable-error-code="no-untyped-call, untyped-decorator, override, import-untyped, misc"

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.arrayobj import make_array, populate_array

from treadle.engine.tables import Tables


class TablesType(types.Type):
    """The type of a Tables object: what its fields are."""

    def __init__(self, name: str, parts: tuple[tuple[str, Any], ...]) -> None:
        self.parts = parts
        super().__init__(name=f"{name}({', '.join(f'{n}: {t}' for n, t in parts)})")

    def place(self, attribute: str) -> int:
        """Return where in the index a field is."""
        return 3 * [name for name, _ in self.parts].index(attribute)


_known: dict[tuple[Any, ...], TablesType] = {}


@typeof_impl.register(Tables)
def _typeof(value: Tables, context: Any) -> TablesType:
    key: list[Any] = [type(value)]
    for _, part in value.parts:
        if isinstance(part, Tables):
            key.append(_typeof(part, context))
        else:
            key.append((part.dtype, part.ndim) if isinstance(part, np.ndarray) else int)
    known = _known.get(tuple(key))
    if known is None:
        parts = [(name, _type_of_part(part, context)) for name, part in value.parts]
        known = _known[tuple(key)] = TablesType(type(value).__name__, tuple(parts))
    return known


def _type_of_part(part: Any, context: Any) -> Any:
    if isinstance(part, Tables):
        return _typeof(part, context)
    if isinstance(part, np.ndarray):
        return types.Array(numba.from_dtype(part.dtype), part.ndim, "C", aligned=True)
    return types.int64


@register_model(TablesType)
class _Model(models.PrimitiveModel):
    def __init__(self, dmm: Any, fe_type: Any) -> None:
        super().__init__(dmm, fe_type, ir.IntType(64))


@unbox(TablesType)
def _unbox(typ: TablesType, value: Any, c: Any) -> NativeValue:
    """Take the address of the object's index; the caller's frame keeps the object."""
    del typ
    index = c.pyapi.object_getattr_string(value, "index")
    places = c.pyapi.object_getattr_string(index, "ctypes")
    address = c.pyapi.object_getattr_string(places, "data")
    native = c.pyapi.long_as_longlong(address)
    for held in (address, places, index):
        c.pyapi.decref(held)
    return NativeValue(native, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@infer_getattr
class _Attribute(AttributeTemplate):
    key = TablesType

    def generic_resolve(self, typ: TablesType, attr: str) -> Any:
        return dict(typ.parts).get(attr)


@lower_getattr_generic(TablesType)
def _getattr(context: Any, builder: Any, typ: TablesType, value: Any, attr: str) -> Any:
    """Load a field: an array over memory that somebody else keeps, an address or a number."""
    kind = dict(typ.parts)[attr]
    word = ir.IntType(64)
    index = builder.inttoptr(value, word.as_pointer())
    place = typ.place(attr)

    def load(k: int) -> Any:
        return builder.load(cgutils.gep_inbounds(builder, index, place + k))

    if not isinstance(kind, types.Array):
        return load(0)
    array = make_array(kind)(context, builder)
    shape = [load(1 + axis) for axis in range(kind.ndim)]
    size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    itemsize = context.get_constant(types.intp, size)
    strides = [itemsize]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    populate_array(
        array,
        data=builder.inttoptr(load(0), context.get_data_type(kind.dtype).as_pointer()),
        shape=shape,
        strides=strides,
        itemsize=itemsize,
        meminfo=None,
    )
    return array._getvalue()  # noqa: SLF001 - numba's own way to give a struct back


@intrinsic
def tables_at(typing_context: Any, like: Any, address: Any) -> Any:
    """Return the Tables whose index is at an address, of the same type as another one."""
    del typing_context, address

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        del context, builder, signature
        return arguments[1]

    return like(like, types.int64), generate
