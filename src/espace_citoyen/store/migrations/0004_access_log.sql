-- Who of the town read which request, file or export, and when: ids and capacities, no name, nothing of the content.
-- `request_id` outlives an erasure, since it says nothing by then. The web's role may only add and read.

CREATE TABLE plain.access_log (
    access_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    viewer_id uuid NOT NULL,
    capacity text NOT NULL,
    door text NOT NULL,
    request_id uuid NOT NULL,
    what text NOT NULL,
    file_id uuid,
    as_of timestamptz
);
CREATE INDEX access_log_at_idx ON plain.access_log (at);
CREATE INDEX access_log_request_idx ON plain.access_log (request_id, at);
CREATE INDEX access_log_viewer_idx ON plain.access_log (viewer_id, at);
