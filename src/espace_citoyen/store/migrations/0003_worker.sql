-- What the worker keeps: its heartbeat, how far each reaction has come, mails to send, runs of jobs, to-dos.

CREATE TABLE plain.worker_heartbeat (
    name text PRIMARY KEY,
    beat_at timestamptz NOT NULL,
    well boolean NOT NULL,
    detail jsonb NOT NULL
);
-- Every loop there is to be: `/sante` is red until the last of them beats.
INSERT INTO plain.worker_heartbeat (name, beat_at, well, detail)
SELECT name, 'epoch', false, '{}'
FROM unnest(ARRAY['projector', 'mails', 'erasures', 'seal', 'jobs', 'mailer']) AS name;

CREATE TABLE plain.reaction (
    name text PRIMARY KEY,
    position bigint NOT NULL
);

-- What a reaction was refused and somebody of the staff has to see to; nothing personal.
CREATE TABLE plain.to_do (
    reaction text NOT NULL,
    position bigint NOT NULL,
    stream_id uuid NOT NULL,
    refusal text NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz,
    PRIMARY KEY (reaction, position)
);

-- A mail is named by the event it tells; its words and its address are read from the stream when it is sent.
CREATE TABLE plain.outbox (
    mail_id uuid PRIMARY KEY,
    stream_id uuid NOT NULL,
    version bigint NOT NULL,
    recipient text NOT NULL,
    template text NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'withheld')),
    queued_at timestamptz NOT NULL DEFAULT now(),
    tries integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    reply text NOT NULL DEFAULT '',
    UNIQUE (stream_id, version, recipient, template)
);
CREATE INDEX outbox_due_idx ON plain.outbox (next_try_at) WHERE state = 'waiting';
CREATE INDEX outbox_state_idx ON plain.outbox (state, queued_at DESC);

CREATE TABLE plain.job_run (
    job text NOT NULL,
    slot timestamptz NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    tries integer NOT NULL DEFAULT 1,
    outcome text NOT NULL DEFAULT '',
    PRIMARY KEY (job, slot)
);
