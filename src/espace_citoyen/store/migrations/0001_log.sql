-- The log keeps events, the keys that open them and the seal that proves them; plain keeps what is not history.
-- Table, index and type of the events are those of eventsourcing 9.5 (a test compares them), plus recorded_at.

CREATE TABLE log.portal_events (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text,
    state bytea,
    notification_id bigserial,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (originator_id, originator_version)
) WITH (
    autovacuum_enabled = true,
    autovacuum_vacuum_threshold = 100000000,
    autovacuum_vacuum_scale_factor = 0.5,
    autovacuum_analyze_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.01
);
CREATE UNIQUE INDEX portal_events_notification_id_idx ON log.portal_events (notification_id);
CREATE TYPE log.stored_event_uuid AS (
    originator_id uuid, originator_version bigint, topic text, state bytea
);

CREATE TABLE log.stream_key (
    owner_id uuid PRIMARY KEY,
    wrapped bytea NOT NULL,
    born_at timestamptz NOT NULL DEFAULT now()
);

-- One row: the key of HMACs (usernames, tokens), whose opening tells a wrong master key.
CREATE TABLE log.server_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    wrapped bytea NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE log.seal (
    position bigint PRIMARY KEY,
    stream uuid NOT NULL,
    version bigint NOT NULL,
    hash bytea NOT NULL,
    chained bytea NOT NULL,
    UNIQUE (stream, version)
);

CREATE TABLE plain.credential (
    holder_id uuid PRIMARY KEY,
    password_hash text NOT NULL,
    changed_at timestamptz NOT NULL
);
