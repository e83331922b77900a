"""How the tests of the stand-in speak to it: with the real driver."""

import pymssql


def connect(server, **changes):
    """Return a pymssql connection to a stand-in, as the addon makes it."""
    settings = {
        "server": server.host,
        "port": str(server.port),
        "user": server.user,
        "password": server.password,
        "database": server.database,
        "encryption": "off",
        "tds_version": "7.4",
        "autocommit": True,
        "login_timeout": 5,
        "timeout": 10,
    }
    return pymssql.connect(**settings | changes)


def call(connection, procedure, **parameters):
    """Run a procedure of the schema ``ie``; return its rows as dicts."""
    places = ", ".join(f"@{name}=%s" for name in parameters)
    with connection.cursor(as_dict=True) as cursor:
        cursor.execute(f"EXEC ie.{procedure} {places}", tuple(parameters.values()))
        return cursor.fetchall()


def fail_number(caught):
    """Return the SQL error number of what ``pytest.raises`` caught on execute."""
    return caught.value.args[0]
