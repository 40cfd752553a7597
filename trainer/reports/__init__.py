"""Reports: figures in, tables and documents out; the same data give the same bytes."""
