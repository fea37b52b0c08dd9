-- Who took part, by the customer's own id, and what else the campaign has recorded (`record` of its settings): the token's
-- own data, the limit, the page, language, time and step, as one JSON object. Rows from before have neither.
ALTER TABLE participation ADD COLUMN subject TEXT;
ALTER TABLE participation ADD COLUMN namespace TEXT;
ALTER TABLE participation ADD COLUMN facts TEXT NOT NULL DEFAULT '{}';
