"""Libraries that only some drivers need: imported by need, and named where they are missing."""

from importlib import import_module
from types import ModuleType

from treadle.kernel import InvalidInputError


def needed(module: str, extra: str, what: str) -> ModuleType:
    """Return a module of an optional extra.

    Parameters
    ----------
    extra
        The name in `pip install treadle[extra]`.
    what
        Needs it, in a word.

    Raises
    ------
    InvalidInputError
        It is not installed; the text says how it comes.
    """
    try:
        return import_module(module)
    except ImportError as error:
        missing = f"{what} needs {module.partition('.')[0]}, which is not here ({error})"
        text = f"{missing}; install it with: pip install 'treadle[{extra}]'"
        raise InvalidInputError(text) from error
