-- What is kept of a session's answers, in bytes. Carried, since summing it for every answer takes the longer the more there
-- are.
ALTER TABLE sessions ADD COLUMN kept_bytes BIGINT NOT NULL DEFAULT 0;
UPDATE sessions SET kept_bytes = COALESCE((
    SELECT SUM(r.bytes) FROM repeats r WHERE r.session = sessions.id
), 0);
-- The answers that can make room, the oldest first; those that have made room are not passed over each time.
CREATE INDEX repeats_kept ON repeats (session, created_at, key_hash) WHERE bytes > 0;
DROP INDEX repeats_by_age;
