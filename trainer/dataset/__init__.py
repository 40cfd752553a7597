"""A database in and out as a folder of CSV files, or as one workbook with a sheet per file."""
