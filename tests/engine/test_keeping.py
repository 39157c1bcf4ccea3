"""Where compiled code is kept: by what a function does, and all that it calls."""

from types import ModuleType
from typing import Any

import numba
import pytest

from treadle.engine import keeping

SOURCE = '''
import math
import numba
LIMIT = {limit}
@numba.njit
def inner(x):
    """{words}"""
    return x {sign} LIMIT
@numba.njit
def outer(x):
    # {words}
    return math.sqrt(inner(x))
'''


def module(limit: float = 1.0, sign: str = "+", words: str = "Words.") -> Any:
    """Return a module of two functions, one of which calls the other."""
    made = ModuleType("made")
    exec(SOURCE.format(limit=limit, sign=sign, words=words), made.__dict__)
    return made


def place(made: Any) -> str:
    return keeping.place(made.outer.py_func).name


def test_the_same_code_is_kept_in_one_place_whatever_is_said_about_it() -> None:
    assert place(module()) == place(module())
    assert place(module()) == place(module(words="Other words, on the same lines."))


@pytest.mark.parametrize("change", [{"limit": 2.0}, {"sign": "-"}])
def test_a_change_below_a_function_changes_its_place(change: dict[str, Any]) -> None:
    assert place(module(**change)) != place(module())


def test_a_function_is_kept_after_it_was_compiled_and_loaded_from_there(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TREADLE_CACHE", str(tmp_path))
    made: Any = module()
    function = made.outer.py_func
    assert not keeping.is_kept(function)
    first = numba.njit(function)
    first._cache = keeping.kept(function)
    assert first(8.0) == 3.0
    assert keeping.is_kept(function)
    again = numba.njit(function)
    again._cache = keeping.kept(function)
    assert again(8.0) == 3.0
    assert sum(again.stats.cache_hits.values()) == 1
