"""What is kept: tables, the unit of work, migrations, the audit trail. Imports nothing of ours."""
