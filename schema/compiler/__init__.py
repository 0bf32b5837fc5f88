"""A selection becomes one SQL statement: catalog, plan, statement."""
