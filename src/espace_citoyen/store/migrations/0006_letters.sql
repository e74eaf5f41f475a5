-- Letters on paper: those who prefer the post are written to by their department, which says when it is done.

ALTER TABLE plain.outbox DROP CONSTRAINT outbox_state_check;
ALTER TABLE plain.outbox ADD CONSTRAINT outbox_state_check
    CHECK (state IN ('waiting', 'sent', 'failed', 'withheld', 'to_print', 'printed'));
