-- What the statistics ask of many rows is kept in few: the numbers of each campaign, by triggers, so that neither a page of
-- numbers nor the retention reads every participation. A participant's object belongs to one campaign.
CREATE TABLE campaign_count (
  account TEXT NOT NULL,
  campaign TEXT NOT NULL,
  participations INTEGER NOT NULL,
  participants INTEGER NOT NULL,
  previews INTEGER NOT NULL,
  PRIMARY KEY (account, campaign)
) STRICT, WITHOUT ROWID;

INSERT INTO campaign_count
  SELECT account, campaign, COUNT(*) FILTER (WHERE preview = 0), COUNT(DISTINCT CASE WHEN preview = 0 THEN participant END), COUNT(*) FILTER (WHERE preview = 1)
  FROM participation GROUP BY account, campaign;

CREATE TRIGGER participation_counted AFTER INSERT ON participation BEGIN
  INSERT INTO campaign_count VALUES (
    NEW.account, NEW.campaign, NEW.preview = 0,
    NEW.preview = 0 AND NOT EXISTS (SELECT 1 FROM participation WHERE participant = NEW.participant AND preview = 0 AND id <> NEW.id),
    NEW.preview)
  ON CONFLICT (account, campaign) DO UPDATE SET
    participations = participations + excluded.participations,
    participants = participants + excluded.participants,
    previews = previews + excluded.previews;
END;

CREATE TRIGGER participation_uncounted AFTER DELETE ON participation BEGIN
  UPDATE campaign_count SET
    participations = participations - (OLD.preview = 0),
    participants = participants - (OLD.preview = 0 AND NOT EXISTS (SELECT 1 FROM participation WHERE participant = OLD.participant AND preview = 0)),
    previews = previews - OLD.preview
  WHERE account = OLD.account AND campaign = OLD.campaign;
  DELETE FROM campaign_count
  WHERE account = OLD.account AND campaign = OLD.campaign AND participations = 0 AND previews = 0;
END;

-- A page of rows begins where the one before has ended, whichever rows lie between.
CREATE INDEX participation_by_page ON participation (account, campaign, preview, recorded_at, id);
DROP INDEX participation_by_campaign;
CREATE INDEX erased_by_time ON erased (at);
