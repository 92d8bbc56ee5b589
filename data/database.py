"""The database: opening it, bringing its tables up to date, and moving frames in bulk through ADBC."""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import pyarrow as pa
import sqlalchemy as sa
from adbc_driver_manager import dbapi
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from data.errors import DatabaseError
from data.tables import get_arrow_type
from geo.errors import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.sql.compiler import SQLCompiler

_MIGRATIONS = Path(__file__).with_name("migrations")
_SQLITE_SETTINGS = ("busy_timeout=60000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_BATCH_ROWS = "adbc.sqlite.query.batch_rows"
_TROUBLES = (
    (
        ("database or disk is full", "no space left"),
        Phrase("has run out of space: free some space on its disk"),
    ),
    (
        ("disk i/o error", "cannot rollback"),  # the latter if staging fails and so does its rollback
        Phrase(
            "cannot be read or written because its disk is full or failing: free some space or check the disk"
        ),
    ),
    (("is locked", "lock timeout"), Phrase("is busy with another import: wait until it is done")),
    (
        ("malformed", "not a database"),
        Phrase("is damaged or not a database: restore a backup"),
    ),
    (("readonly", "read-only"), Phrase("is read-only: check the permissions of its file and folder")),
    (
        ("failed to open", "unable to open"),
        Phrase("cannot be opened: check SAMBANG_DATABASE_URL and the permissions of its folder"),
    ),
    (
        ("could not connect", "connection refused", "connection to server", "fatal:"),
        Phrase("cannot be reached: check SAMBANG_DATABASE_URL and that the server is running"),
    ),
)  # drivers' messages, in lower case, and what they mean for the user
_POSTGRESQL: Any = sa.make_url("postgresql+psycopg://").get_dialect()
_DIALECTS: dict[str, sa.Dialect] = {
    "sqlite": sa.make_url("sqlite://").get_dialect()(),
    "postgresql": _POSTGRESQL(paramstyle="numeric_dollar"),  # $1, $2 … as ADBC's driver expects them
}


class Database:
    """An SQLite or PostgreSQL database.

    Parameters
    ----------
    url
        ``sqlite:///path`` or ``postgresql://user:password@host:port/name``.

    Raises
    ------
    DatabaseError
        If the URL is of neither kind.
    """

    def __init__(self, url: str) -> None:
        try:
            self.url = sa.make_url(url)
        except sa.exc.ArgumentError:
            raise DatabaseError("SAMBANG_DATABASE_URL is not a database address: see the README.") from None
        self.kind = self.url.get_backend_name()
        if self.kind not in _DIALECTS or not self.url.database:
            raise DatabaseError(
                "'{address}' is not a database address: use sqlite:///path or postgresql://…",
                address=self.url.render_as_string(),
            )

    def migrate(self) -> None:
        """Bring the tables up to date.

        SQLAlchemy's own connection is used only here. Everything else goes through ADBC, which bundles its
        own copy of SQLite: two copies in one process with the same file open release each other's locks.

        Raises
        ------
        DatabaseError
            If the database cannot be opened or written, or was made by a newer version of the program.
        """
        if self.kind == "sqlite":
            with self._told():
                Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        script = ScriptDirectory.from_config(config)
        current = self.schema_version()
        if current == script.get_current_head():
            return
        if current and current not in {revision.revision for revision in script.walk_revisions()}:
            raise DatabaseError(
                "The database is at version {current}, which this version of Sambang does not know: "
                "update Sambang.",
                current=current,
            )
        with self._told(), self._migrating() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def _migrating(self) -> Iterator[sa.Connection]:
        """Open SQLAlchemy's own connection in one transaction, in which all tables are made or none."""
        driver = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}[self.kind]
        engine = sa.create_engine(self.url.set(drivername=driver))
        if self.kind == "sqlite":  # Python's driver begins no transaction before creating a table
            sa.event.listen(engine, "connect", lambda opened, _: setattr(opened, "isolation_level", None))
            sa.event.listen(engine, "begin", lambda opened: opened.exec_driver_sql("BEGIN IMMEDIATE"))
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Raise errors of the disk, file or server as ``DatabaseError``; leave other errors as they are."""
        try:
            yield
        except (dbapi.Error, sa.exc.DBAPIError, OSError) as error:
            said = str(error).lower()
            for signs, trouble in _TROUBLES:
                if any(sign in said for sign in signs):
                    raise DatabaseError(
                        "The database {address} {trouble}; nothing was changed.",
                        address=self.url.render_as_string(),
                        trouble=trouble,
                    ) from error
            if isinstance(error, OSError):
                raise DatabaseError(
                    "The folder of {address} cannot be created: check SAMBANG_DATABASE_URL.",
                    address=self.url.render_as_string(),
                ) from error
            raise

    def schema_version(self) -> str | None:
        """Return the revision of the tables; None if there are none yet."""
        table = sa.table("alembic_version", sa.column("version_num", sa.Text))
        try:
            rows = self.read(sa.select(table.c.version_num))
        except dbapi.ProgrammingError:  # there is no such table
            return None
        return rows["version_num"][0].as_py() if len(rows) else None

    def read(self, query: sa.Select) -> pa.Table:
        """Fetch a query's rows as one Arrow table, typed by the query's columns.

        Parameters
        ----------
        query
            What to select; its values are sent as parameters, never as text.

        Returns
        -------
        pyarrow.Table
            One column per selected column.
        """
        with self._told(), self._connect() as connection:
            table = connection.fetch(query)
        return pa.table(
            {
                column.name: _typed(table[place], get_arrow_type(column.type))
                for place, column in enumerate(query.selected_columns)
            }
        )

    @contextmanager
    def write(self, stages: Mapping[str, pa.Table]) -> Iterator[Connection]:
        """Stage frames in bulk, then move them in by SQL in one transaction.

        Parameters
        ----------
        stages
            Arrow tables by name, which can be selected from through ``Connection.staged``.

        Yields
        ------
        Connection
            Connection in a transaction that commits at the end and rolls back entirely on any error.
        """
        with self._told(), self._connect() as connection:
            for name, table in stages.items():
                connection.stage(name, table)
            with connection.transaction():
                yield connection

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with closing(self._open()) as opened:
            yield Connection(opened, self.kind)

    def _open(self) -> dbapi.Connection:
        """Open a connection in which we begin and end transactions ourselves."""
        if self.kind == "postgresql":
            address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
            return adbc_driver_postgresql.dbapi.connect(address, autocommit=True)
        connection = adbc_driver_sqlite.dbapi.connect(str(self.url.database), autocommit=True)
        with connection.cursor() as cursor:
            for setting in _SQLITE_SETTINGS:
                cursor.execute(f"PRAGMA {setting}")
        return connection


class Connection:
    """An open ADBC connection that runs SQLAlchemy statements.

    Attributes
    ----------
    staged
        Staged frames, as tables to select from; they are dropped when the connection closes.
    """

    def __init__(self, opened: dbapi.Connection, kind: str) -> None:
        self._opened, self._kind = opened, kind
        self.staged: dict[str, sa.TableClause] = {}

    def stage(self, name: str, table: pa.Table) -> None:
        """Copy an Arrow table into a temporary table."""
        temporary = f"stage_{name}"
        with self._opened.cursor() as cursor:
            cursor.adbc_ingest(temporary, table, mode="create", temporary=True)
        self.staged[name] = sa.table(temporary, *map(sa.column, table.column_names))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit at the end; roll back on any error."""
        self.execute(sa.text("BEGIN IMMEDIATE" if self._kind == "sqlite" else "BEGIN"))
        try:
            yield
        except BaseException:
            with suppress(dbapi.Error):  # it may have ended already; closing the connection ends it too
                self.execute(sa.text("ROLLBACK"))
            raise
        self.execute(sa.text("COMMIT"))

    def execute(self, statement: sa.ClauseElement) -> None:
        """Run a statement that returns no rows."""
        with self._opened.cursor() as cursor:
            cursor.execute(*self._compile(statement))

    def fetch(self, statement: sa.ClauseElement) -> pa.Table:
        """Run a statement and return its rows."""
        # SQLite's driver infers a column's type from its first batch of rows, so one batch must hold all
        # rows; it allocates memory for the batch size it is given, so the rows are counted first.
        n_rows = self._count(statement) if self._kind == "sqlite" else 0
        with self._opened.cursor() as cursor:
            if n_rows:
                cursor.adbc_statement.set_options(**{_BATCH_ROWS: str(n_rows)})
            cursor.execute(*self._compile(statement))
            return cursor.fetch_arrow_table()

    def _count(self, statement: sa.ClauseElement) -> int:
        """Count the rows that a query will return; 0 for other statements."""
        if not isinstance(statement, sa.Select):
            return 0
        with self._opened.cursor() as cursor:
            counted = sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())
            cursor.execute(*self._compile(counted))
            return int(cursor.fetch_arrow_table().column(0)[0].as_py())

    def _compile(self, statement: sa.ClauseElement) -> tuple[str, list[Any] | None]:
        """Return a statement's SQL in the database's dialect, and its values in order."""
        compiled = cast(
            "SQLCompiler",
            statement.compile(dialect=_DIALECTS[self._kind], compile_kwargs={"render_postcompile": True}),
        )
        return str(compiled), [compiled.params[name] for name in compiled.positiontup or ()] or None

    def column(self, statement: sa.ClauseElement) -> list[Any]:
        """Run a statement and return the values of its first column."""
        return self.fetch(statement).column(0).to_pylist()

    def scalar(self, statement: sa.ClauseElement) -> Any:
        """Run a statement and return its first value; None if it has no row."""
        return next(iter(self.column(statement)), None)


def _typed(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """Cast a column to the type it was selected with: SQLite cannot infer the type of an empty column."""
    if column.null_count == len(column):
        return pa.chunked_array([pa.nulls(len(column), kind)])
    return column.cast(kind)
