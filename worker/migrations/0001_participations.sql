-- The statistics' copy of the record. `participant` is the id of the participant's object: it counts people
-- without saying who they are.
CREATE TABLE participation (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  campaign TEXT NOT NULL,
  participant TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  technique TEXT NOT NULL,
  form TEXT NOT NULL,
  optin TEXT NOT NULL,
  answers TEXT NOT NULL,
  gift TEXT NOT NULL
) STRICT;

CREATE INDEX participation_by_campaign ON participation (account, campaign, recorded_at, id);
