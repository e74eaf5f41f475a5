-- What an administrator ordered to be erased: the web writes it down, the worker, which alone may delete keys, does it.
-- Nothing personal: a stream, a code, the reference of a visa, and the agent who gave the order.

CREATE TABLE plain.erasure_order (
    order_id uuid PRIMARY KEY,
    stream_id uuid NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    visa text NOT NULL,
    by_id uuid NOT NULL,
    by_name text NOT NULL,
    by_capacity text NOT NULL,
    ordered_at timestamptz NOT NULL,
    settled_at timestamptz,
    refusal text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX erasure_order_waiting_idx ON plain.erasure_order (stream_id) WHERE settled_at IS NULL;
CREATE INDEX erasure_order_ordered_at_idx ON plain.erasure_order (ordered_at DESC);

INSERT INTO plain.worker_heartbeat (name, beat_at, well, detail) VALUES ('eraser', 'epoch', false, '{}');
