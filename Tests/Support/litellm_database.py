"""LiteLLM's own PrismaClient over tables in memory, in place of the engine that Prisma downloads.

`get_data`, `insert_data`, `update_data`, `delete_data` are LiteLLM's code. What LiteLLM says in SQL is answered here where
its handlers of keys need it; other SQL raises NotImplementedError, except what only fills the tables of its usage pages.
"""

import asyncio
import re
import sys
import types
from contextlib import asynccontextmanager

import litellm_tables
from litellm_filters import unknown
from litellm_tables import Table

# What the query for a key's view joins to it and takes from there; and statements so simple that any of their kind is known.
VIEW = re.compile(r"^\s*(\w+)\.(\w+)\s+AS\s+(\w+),?\s*$", re.IGNORECASE | re.MULTILINE)
JOIN = re.compile(r'LEFT JOIN "(\w+)" (?:AS )?(\w+) ON (\w+)\.(\w+) = (\w+)\.(\w+)'
                  r"(?: AND (\w+)\.(\w+) = (\w+)\.(\w+))?", re.IGNORECASE)
SELECT = re.compile(r'\s*SELECT ([\w, ]+) FROM "(\w+)" WHERE (\w+) = \$1(?: FOR UPDATE)?\s*$')
UPDATE = re.compile(r'\s*UPDATE "(\w+)" SET "(\w+)" = \$(\d) WHERE "(\w+)" = \$(\d)\s*$')
IGNORED = re.compile(r'"LiteLLM_(Daily|AccessGroup|SpendLog|ToolUsage|Model\w*Usage|Autorouter|GatewayRequest|ProxyWorker|'
                     r"BudgetWindow)|lock_timeout|statement_timeout|advisory|FOR UPDATE", re.IGNORECASE)


class Database:
    """What stands in for the generated client: `db.litellm_<model>` are its tables."""

    def __init__(self, models):
        self.tables = {name: Table(model, self) for name, model in models.items()}

    def table(self, name):
        return self.tables[name.lower()]

    def __getattr__(self, name):
        tables = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(name)

    # LiteLLM asks which of its engines answered; there is one and it never ends.
    engine_generation = 0

    def is_connected(self):
        return True

    async def connect(self, *_, **__):
        pass

    async def disconnect(self, *_, **__):
        pass

    @asynccontextmanager
    async def tx(self, *_, **__):
        # Nothing is isolated and nothing rolled back: what a handler did before it failed stays.
        yield self

    def batch_(self):
        return Batch(self)

    async def query_first(self, sql, *parameters):
        rows = await self.query_raw(sql, *parameters)
        return rows[0] if rows else None

    async def query_raw(self, sql, *parameters, **_):
        if re.match(r"\s*SELECT 1\s*$", sql):
            return [{"?column?": 1}]
        if simple := SELECT.match(sql):
            columns, table, key = simple.groups()
            return [{name.strip(): row[name.strip()] for name in columns.split(",")}
                    for row in self.table(table).found({key: parameters[0]})]
        if 'FROM "LiteLLM_VerificationToken" AS v' in sql and "v.token = $1" in sql:
            return self.view(sql, parameters[0])
        if "AS user_row" in sql or "user_row" in sql:
            # A warm-up of caches: without it each object is looked up by itself.
            return []
        if IGNORED.search(sql):
            return []
        raise unknown(f"SQL that litellm_database.py doesn't know: {sql.strip()[:300]}")

    async def execute_raw(self, sql, *parameters, **_):
        if simple := UPDATE.match(sql):
            table, column, new, key, old = simple.groups()
            return await self.table(table).update_many({column: parameters[int(new) - 1]}, {key: parameters[int(old) - 1]})
        if IGNORED.search(sql):
            return 0
        raise unknown(f"SQL that litellm_database.py doesn't know: {sql.strip()[:300]}")

    def view(self, sql, token):
        """The key's row with what the query joins to it, read out of LiteLLM's query itself."""
        rows = self.table("LiteLLM_VerificationToken").found({"token": token})
        if not rows:
            return []
        known = {"v": rows[0]}
        for table, name, *conditions in JOIN.findall(sql):
            wanted = {}
            for at in range(0, len(conditions), 4):
                left, left_column, right, right_column = conditions[at:at + 4]
                if left == name:
                    wanted[left_column] = (known.get(right) or {}).get(right_column)
                elif right == name:
                    wanted[right_column] = (known.get(left) or {}).get(left_column)
            found = self.table(table).found(wanted) if wanted and None not in wanted.values() else []
            known[name] = found[0] if found else None
        answer = {name: value for name, value in rows[0].items()}
        for name, column, alias in VIEW.findall(sql):
            answer[alias] = (known[name] or {}).get(column)
        return [answer]


class Batch:
    """Actions that are done together when `commit` is called."""

    def __init__(self, database):
        self.database, self.actions = database, []

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, *_):
        if kind is None:
            await self.commit()

    def execute_raw(self, sql, *parameters):
        self.actions.append((self.database.execute_raw, (sql, *parameters), {}))

    def __getattr__(self, name):
        return Recorder(self, self.database.table(name))

    async def commit(self):
        actions, self.actions = self.actions, []
        for action, positional, named in actions:
            await action(*positional, **named)


class Recorder:
    def __init__(self, batch, table):
        self.batch, self.table = batch, table

    def __getattr__(self, name):
        action = getattr(self.table, name)
        return lambda *positional, **named: self.batch.actions.append((action, positional, named))


def install_prisma():
    """The module `prisma`, whose errors LiteLLM looks for: the package does nothing without its generated client."""
    prisma, errors = types.ModuleType("prisma"), types.ModuleType("prisma.errors")
    for known in [litellm_tables.PrismaError, litellm_tables.UniqueViolationError, litellm_tables.RecordNotFoundError,
                  litellm_tables.ForeignKeyViolationError, litellm_tables.MissingRequiredValueError]:
        setattr(errors, known.__name__, known)
    for name in ["DataError", "ClientNotConnectedError", "HTTPClientClosedError", "TableNotFoundError", "RawQueryError"]:
        setattr(errors, name, type(name, (litellm_tables.PrismaError,), {}))
    prisma.errors, prisma.Json = errors, Json
    sys.modules.update({"prisma": prisma, "prisma.errors": errors})


class Json:
    """Prisma's mark of a value for a column of JSON."""

    def __init__(self, data):
        self.data = data


def client(models, proxy_logging):
    """LiteLLM's PrismaClient without its constructor, which starts the engine."""
    from litellm.proxy.utils import PrismaClient
    made = object.__new__(PrismaClient)
    made.db = Database(models)
    made.proxy_logging_obj = proxy_logging
    made.token_auth = None
    made.baseline_accounting_transactions = []
    made.baseline_accounting_lock = asyncio.Lock()
    made._db_reconnect_lock = asyncio.Lock()
    made._db_health_watchdog_task = made._view_setup_task = None
    made._db_auth_reconnect_timeout_seconds = 2.0
    made._db_auth_reconnect_lock_timeout_seconds = 0.1
    return made
