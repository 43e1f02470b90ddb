"""Tables as files: CSV, JSONL, Parquet, Excel and SPSS.

One module to each format, chosen in `formats`. A table is columns with a kind, and rows of plain
values; it knows nothing of campaigns or events.
"""
