-- How often each answer was given, and each consent under each wording, kept by triggers beside the campaign's numbers.
CREATE TABLE choice_count (
  account TEXT NOT NULL,
  campaign TEXT NOT NULL,
  part TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  wording TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (account, campaign, part, name, value, wording)
) STRICT, WITHOUT ROWID;

INSERT INTO choice_count
  SELECT account, campaign, 'answers', asked.key, given.value, '', COUNT(*)
  FROM participation, json_each(answers) AS asked, json_each(CASE asked.type WHEN 'array' THEN asked.value ELSE json_array(asked.value) END) AS given
  WHERE preview = 0 AND asked.key IS NOT NULL AND given.value IS NOT NULL GROUP BY account, campaign, asked.key, given.value;

INSERT INTO choice_count
  SELECT account, campaign, 'optin', asked.key, coalesce(asked.value ->> '$.given', 0), coalesce(asked.value ->> '$.wording', ''), COUNT(*)
  FROM participation, json_each(optin) AS asked
  WHERE preview = 0 AND asked.type = 'object' GROUP BY 1, 2, 4, 5, 6;

CREATE TRIGGER participation_chosen AFTER INSERT ON participation WHEN NEW.preview = 0 BEGIN
  INSERT INTO choice_count
    SELECT NEW.account, NEW.campaign, 'answers', asked.key, given.value, '', 1
    FROM json_each(NEW.answers) AS asked, json_each(CASE asked.type WHEN 'array' THEN asked.value ELSE json_array(asked.value) END) AS given
    WHERE asked.key IS NOT NULL AND given.value IS NOT NULL
  ON CONFLICT (account, campaign, part, name, value, wording) DO UPDATE SET n = n + 1;
  INSERT INTO choice_count
    SELECT NEW.account, NEW.campaign, 'optin', asked.key, coalesce(asked.value ->> '$.given', 0), coalesce(asked.value ->> '$.wording', ''), 1
    FROM json_each(NEW.optin) AS asked
    WHERE asked.type = 'object'
  ON CONFLICT (account, campaign, part, name, value, wording) DO UPDATE SET n = n + 1;
END;

-- Before the row goes, so that the end of the campaign's numbers comes last.
CREATE TRIGGER participation_unchosen BEFORE DELETE ON participation WHEN OLD.preview = 0 BEGIN
  INSERT INTO choice_count
    SELECT OLD.account, OLD.campaign, 'answers', asked.key, given.value, '', 0
    FROM json_each(OLD.answers) AS asked, json_each(CASE asked.type WHEN 'array' THEN asked.value ELSE json_array(asked.value) END) AS given
    WHERE asked.key IS NOT NULL AND given.value IS NOT NULL
  ON CONFLICT (account, campaign, part, name, value, wording) DO UPDATE SET n = n - 1;
  INSERT INTO choice_count
    SELECT OLD.account, OLD.campaign, 'optin', asked.key, coalesce(asked.value ->> '$.given', 0), coalesce(asked.value ->> '$.wording', ''), 0
    FROM json_each(OLD.optin) AS asked
    WHERE asked.type = 'object'
  ON CONFLICT (account, campaign, part, name, value, wording) DO UPDATE SET n = n - 1;
END;

CREATE TRIGGER campaign_uncounted AFTER DELETE ON campaign_count BEGIN
  DELETE FROM choice_count WHERE account = OLD.account AND campaign = OLD.campaign;
END;
