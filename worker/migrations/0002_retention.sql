-- When a row must be gone, whether it was only a preview, and whose rows must not come back out of the queue.
ALTER TABLE participation ADD COLUMN retain_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE participation ADD COLUMN preview INTEGER NOT NULL DEFAULT 0;

-- Rows from before had the longest retention that goes without saying: 90 days.
UPDATE participation SET retain_until = recorded_at + 7776000000;

CREATE TABLE erased (
  participant TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT;

CREATE INDEX participation_by_participant ON participation (participant);
CREATE INDEX participation_by_retention ON participation (retain_until);
