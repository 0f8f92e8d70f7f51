"""Checks Arrow files of ours with other libraries: python check-arrow.py FILE.arrow...

Opens each file memory-mapped with pyarrow, validates it wholly, and compares every column with what polars and DuckDB read; float16
columns, which DuckDB does not know, are left out there. Prints one line a file; an error ends it with status 1.
Needs pyarrow, polars, duckdb and numpy; checked with pyarrow 26.0.1, polars 2.1.0, duckdb 2.0.0.
"""

import sys

import duckdb
import numpy
import polars
import pyarrow

if len(sys.argv) < 2:
    sys.exit(__doc__)


def is_half(field):
    return pyarrow.types.is_fixed_size_list(field.type) and pyarrow.types.is_float16(field.type.value_type)


def values(column):
    """A column as numbers [row, dim], or as a list of texts and numbers."""
    if pyarrow.types.is_fixed_size_list(column.type):
        flat = numpy.concatenate([numpy.zeros(0, "f4")] + [c.flatten().to_numpy(zero_copy_only=False) for c in column.chunks])
        return flat.reshape(len(column), column.type.list_size).astype("f4")
    return column.to_pylist()


def same(found, expected, what):
    equal = numpy.array_equal(found, expected, equal_nan=True) if isinstance(expected, numpy.ndarray) else found == expected
    if not equal:
        sys.exit(f"{what} differs from what pyarrow reads")


for path in sys.argv[1:]:
    before = pyarrow.total_allocated_bytes()
    table = pyarrow.ipc.open_file(pyarrow.memory_map(path)).read_all()
    copied = pyarrow.total_allocated_bytes() - before
    table.validate(full=True)
    columns = {name: values(table[name]) for name in table.column_names}
    frame = polars.read_ipc(path)
    for name, expected in columns.items():
        series = frame[name]
        same(series.to_numpy().astype("f4").reshape(expected.shape) if isinstance(expected, numpy.ndarray) else series.to_list(), expected, f"{path}: polars, column {name}")
    readable = [field.name for field in table.schema if not is_half(field)]
    known = table.select(readable)
    rows = duckdb.sql("select * from known").to_arrow_table() if readable else known
    for name in readable:
        same(values(rows[name].cast(table[name].type)), columns[name], f"{path}: DuckDB, column {name}")
    print(f"{path}: {table.num_rows} rows, {', '.join(f'{field.name} {field.type}' for field in table.schema)}; {copied} bytes copied; metadata {table.schema.metadata}")
