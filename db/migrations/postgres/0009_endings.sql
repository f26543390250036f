-- What the end of an alarm means, as its rule knows it (core/notice_maker).
ALTER TABLE alarm_notices ADD COLUMN ending TEXT NOT NULL DEFAULT '';
