-- What may be used once and was: a security code, for the deed it was copied for (none when it was copied wrong), and
-- the proof of a tracking link that its holder has put away. Nothing personal, and no secret.

CREATE TABLE plain.spent (
    spent_id uuid PRIMARY KEY,
    deed_id uuid,
    expires_at timestamptz NOT NULL
);
CREATE INDEX spent_expires_at_idx ON plain.spent (expires_at);
