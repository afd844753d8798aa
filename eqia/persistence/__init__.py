"""Where rows are kept: tables, migrations and the queries pages read through."""
