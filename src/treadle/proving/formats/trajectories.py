"""Trajectories as files: CSV with fixed columns and Parquet, written whole or not at all; and back.

Columns: `time_s,entity,x_m,y_m,z_m,heading_rad,speed_mps`, with `variant` first where there are
several. Positions are of the entity's reference point, as OpenSCENARIO XML defines it.
"""

from collections.abc import Iterable
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

from treadle.kernel import InvalidInputError, RefusedError
from treadle.proving.formats.results import read as read_result
from treadle.proving.formats.writing import whole
from treadle.proving.rules.result import SAMPLE, Result

COLUMNS = ("time_s", "entity", "x_m", "y_m", "z_m", "heading_rad", "speed_mps")
_DIGITS = 9  # of a time: steps are sums of 0.01, which binary numbers are not
_SPECIAL = frozenset(',"\n\r')
_TEXT = pa.dictionary(pa.int32(), pa.string())


def write(parts: Iterable[bytes], target: Path) -> None:
    """Write the trajectories of a run's parts; the file's name says in which form.

    Raises
    ------
    InvalidInputError
        The name ends with neither `.csv` nor `.parquet`.
    RefusedError
        No trajectories were kept, or the file cannot be written.
    """
    write_results((read_result(part)[0] for part in parts), target)


def write_results(results: Iterable[Result], target: Path) -> None:
    """Write the trajectories of results as `write` does."""
    if target.suffix not in (".csv", ".parquet"):
        text = f"{target} should end with .csv or .parquet, which says the form"
        raise InvalidInputError(text)
    waiting = iter(results)
    first = list(islice(waiting, 2))  # one variant is one result with one number
    is_many = len(first) > 1 or any(len(result.variants) > 1 for result in first)
    tables = (
        _table(result, is_many=is_many) for result in chain(first, waiting) if result.samples.size
    )
    some = next(tables, None)
    if some is None:
        text = "no trajectories were kept in this run; ask for it with --keep-trajectories all"
        raise RefusedError(text)
    with whole(target) as file:
        if target.suffix == ".csv":
            _write_csv(chain((some,), tables), file, is_many=is_many)
        else:
            _write_parquet(chain((some,), tables), file)


def _table(result: Result, *, is_many: bool) -> Any:
    rows = result.samples
    columns: dict[str, Any] = {"variant": rows["variant"]} if is_many else {}
    for name in COLUMNS:
        columns[name] = rows[name]
    columns["time_s"] = np.round(rows["time_s"], _DIGITS)
    names = pa.array(result.entities, pa.string())
    columns["entity"] = pa.DictionaryArray.from_arrays(pa.array(rows["entity"]), names)
    return pa.table({name: _plain(values) for name, values in columns.items()})


def _plain(values: Any) -> Any:
    return pa.array(np.ascontiguousarray(values)) if isinstance(values, np.ndarray) else values


def _write_csv(tables: Iterable[Any], file: IO[bytes], *, is_many: bool) -> None:
    header = ",".join((*(("variant",) if is_many else ()), *COLUMNS))
    file.write(f"{header}\n".encode())
    for table in tables:
        names = table["entity"].combine_chunks().dictionary.to_pylist()
        needed = any(_SPECIAL & set(name) for name in names)
        options = csv.WriteOptions(
            include_header=False, quoting_style="needed" if needed else "none"
        )
        texts = table["entity"].cast(pa.string())
        plain = table.set_column(table.schema.get_field_index("entity"), "entity", texts)
        csv.write_csv(plain, file, options)


def _write_parquet(tables: Iterable[Any], file: IO[bytes]) -> None:
    writer: Any = None
    try:
        for table in tables:
            if writer is None:
                writer = parquet.ParquetWriter(file, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()


def read_csv(path: Path) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the trajectories of a CSV file (also gzipped), and its entities by index.

    Returns
    -------
    rows : (n_rows,) SAMPLE
        In the file's order; `variant` is 0 where the file has no such column.
    entities : (n_entities,) str
        In the order in which they come first.

    Raises
    ------
    InvalidInputError
        A column is missing, or a value is no number.
    """
    kinds = {name: pa.float64() for name in COLUMNS} | {"entity": _TEXT, "variant": pa.int64()}
    try:
        with pa.input_stream(str(path), compression="detect") as file:
            table = csv.read_csv(file, convert_options=csv.ConvertOptions(column_types=kinds))
    except (pa.ArrowInvalid, OSError) as error:
        text = f"{path} is no file of trajectories: {error}"
        raise InvalidInputError(text) from error
    if missing := [name for name in COLUMNS if name not in table.column_names]:
        text = f"{path} has no column {missing[0]}; it needs {','.join(COLUMNS)}"
        raise InvalidInputError(text)
    rows = np.zeros(table.num_rows, SAMPLE)
    for name in SAMPLE.names or ():
        if name != "entity" and name in table.column_names:
            rows[name] = table[name].to_numpy()
    entity = table["entity"].unify_dictionaries().combine_chunks()
    rows["entity"] = entity.indices.to_numpy(zero_copy_only=False)
    return rows, tuple(entity.dictionary.to_pylist())
