-- What the web keeps: sessions (only the hash of their token) and the hits of the rate limits.

CREATE TABLE plain.session (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    person_id uuid NOT NULL,
    actor jsonb NOT NULL,
    data jsonb NOT NULL DEFAULT '{}',
    position bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL
);

CREATE INDEX session_person_id_idx ON plain.session (person_id);
CREATE INDEX session_created_at_idx ON plain.session (created_at);

-- Not worth a disk write: after a crash everybody starts with a clean slate. Keys are HMACs: no name, no address.
CREATE UNLOGGED TABLE plain.rate_limit (
    key text PRIMARY KEY,
    hits timestamptz[] NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX rate_limit_expires_at_idx ON plain.rate_limit (expires_at);
