"""The tables as they were at first."""

from alembic import op

revision = "0001"
down_revision = None

# What is asked for has columns; the noun itself stands beside them as the text that the other
# store writes too. Discord's ids are of 64 bits without a sign. Text compares by its bytes, which
# is the order of Python's strings.
_TABLES = (
    """
    CREATE TABLE boards (
        name text COLLATE "C" PRIMARY KEY,
        revision bigint NOT NULL DEFAULT 0,
        progress json
    )""",
    """
    CREATE TABLE readings (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        board text COLLATE "C" NOT NULL REFERENCES boards,
        date date NOT NULL,
        current boolean NOT NULL,
        revision bigint NOT NULL,
        as_of timestamptz NOT NULL,
        origin text NOT NULL,
        other numeric,
        models text[] NOT NULL,
        tokens numeric[] NOT NULL,
        CHECK (cardinality(models) = cardinality(tokens))
    )""",
    "CREATE UNIQUE INDEX readings_current ON readings (board, date) WHERE current",
    "CREATE INDEX readings_revised ON readings (board, revision) WHERE current",
    "CREATE INDEX readings_versions ON readings (board, date) WHERE NOT current",
    """
    CREATE TABLE milestones (
        key text COLLATE "C" PRIMARY KEY,
        board text COLLATE "C" NOT NULL,
        date date NOT NULL,
        document json NOT NULL
    )""",
    "CREATE INDEX milestones_dated ON milestones (board, date, key)",
    """
    CREATE TABLE deliveries (
        key text COLLATE "C" PRIMARY KEY,
        number bigint GENERATED ALWAYS AS IDENTITY,
        channel_id numeric(20) NOT NULL,
        guild_id numeric(20) NOT NULL,
        kind text NOT NULL,
        state text NOT NULL,
        created_at timestamptz NOT NULL,
        milestones text[] NOT NULL,
        slim boolean NOT NULL DEFAULT false,
        document json NOT NULL
    )""",
    """CREATE INDEX deliveries_open ON deliveries (channel_id, number)
        WHERE state IN ('pending', 'sending')""",
    "CREATE INDEX deliveries_held ON deliveries (channel_id, number) WHERE state = 'held'",
    """CREATE INDEX deliveries_whole ON deliveries (created_at)
        WHERE NOT slim AND state IN ('sent', 'dead', 'gathered')""",
    "CREATE INDEX deliveries_slim ON deliveries (created_at) WHERE slim",
    "CREATE INDEX deliveries_of_server ON deliveries (guild_id, created_at)",
    "CREATE INDEX deliveries_of_channel ON deliveries (channel_id, created_at)",
    "CREATE INDEX deliveries_alerts ON deliveries (created_at) WHERE kind = 'alert'",
    "CREATE INDEX deliveries_telling ON deliveries USING gin (milestones) WHERE kind = 'alert'",
    """
    CREATE TABLE subscriptions (
        channel_id numeric(20) NOT NULL,
        number integer NOT NULL,
        guild_id numeric(20) NOT NULL,
        created_by numeric(20) NOT NULL,
        document json NOT NULL,
        PRIMARY KEY (channel_id, number)
    )""",
    "CREATE INDEX subscriptions_of_server ON subscriptions (guild_id)",
    "CREATE INDEX subscriptions_by ON subscriptions (created_by)",
    """
    CREATE TABLE channels (
        channel_id numeric(20) PRIMARY KEY,
        guild_id numeric(20) NOT NULL,
        paused boolean NOT NULL,
        document json NOT NULL
    )""",
    "CREATE INDEX channels_of_server ON channels (guild_id)",
    "CREATE INDEX channels_paused ON channels (channel_id) WHERE paused",
    """
    CREATE TABLE changes (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        guild_id numeric(20) NOT NULL,
        who numeric(20) NOT NULL,
        document json NOT NULL
    )""",
    "CREATE INDEX changes_of_server ON changes (guild_id, id)",
    "CREATE INDEX changes_by ON changes (who)",
    "CREATE TABLE absences (guild_id numeric(20) PRIMARY KEY, since timestamptz NOT NULL)",
    'CREATE TABLE catalogue (model text COLLATE "C" PRIMARY KEY, document json NOT NULL)',
    """
    CREATE TABLE states (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        board text COLLATE "C" NOT NULL,
        document json NOT NULL
    )""",
    "CREATE TABLE requests (moment timestamptz NOT NULL)",
    """
    CREATE TABLE offices (
        name text PRIMARY KEY, term bigint NOT NULL, since timestamptz NOT NULL
    )""",
    "CREATE TABLE notes (name text PRIMARY KEY, said text NOT NULL)",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in _TABLES:
        op.execute(statement)
