#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a Parquet file with a column of each kind: make_parquet.py LIBRARY FILE"""
import ctypes
import sys
import tempfile

SQL = """INSERT INTO FUNCTION file('{}', Parquet) SELECT number::Int32 AS small, (number * 10000000000)::Int64 AS large,
  18446744073709551610 + number AS unsigned, number / 4 AS ratio, if(number = 1, NULL, concat('name ', toString(number))) AS name,
  (number % 2 = 0)::Bool AS even, toDateTime64('2026-01-02 03:04:05.123456', 6, 'UTC') + number AS at, toDate32('2026-01-02') AS day,
  [number, 7] AS list, map('k', number) AS pairs, (number, 'x')::Tuple(p Int64, q String) AS pair, toDecimal64(1.5, 3) AS price
  FROM numbers(3) SETTINGS output_format_parquet_compression_method = 'zstd'"""


def main(library, file):
    chdb = ctypes.CDLL(library)
    chdb.chdb_connect.restype = ctypes.POINTER(ctypes.c_void_p)
    chdb.chdb_query_n.restype = ctypes.c_void_p
    chdb.chdb_query_n.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
    chdb.chdb_result_error.restype = ctypes.c_char_p
    chdb.chdb_result_error.argtypes = [ctypes.c_void_p]
    chdb.chdb_close_conn.argtypes = [ctypes.c_void_p]
    with tempfile.TemporaryDirectory() as folder:
        words = (ctypes.c_char_p * 2)(b"clickhouse", b"--path=" + folder.encode())
        connection = chdb.chdb_connect(2, words)
        sql = SQL.format(file).encode()
        error = chdb.chdb_result_error(chdb.chdb_query_n(connection[0], sql, len(sql), b"Null", 4))
        if error:
            sys.exit(error.decode())
        chdb.chdb_close_conn(connection)


main(*sys.argv[1:])
