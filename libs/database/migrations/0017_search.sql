CREATE TABLE "edition_count" (
	"edition_id" uuid PRIMARY KEY NOT NULL,
	"queued" integer DEFAULT 0 NOT NULL,
	"claimed" integer DEFAULT 0 NOT NULL,
	"accepted" integer DEFAULT 0 NOT NULL,
	"deferred" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"suppressed" integer DEFAULT 0 NOT NULL,
	"expired" integer DEFAULT 0 NOT NULL,
	"uncertain" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "edition_count_delta" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "edition_count_delta_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"edition_id" uuid NOT NULL,
	"queued" integer DEFAULT 0 NOT NULL,
	"claimed" integer DEFAULT 0 NOT NULL,
	"accepted" integer DEFAULT 0 NOT NULL,
	"deferred" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"suppressed" integer DEFAULT 0 NOT NULL,
	"expired" integer DEFAULT 0 NOT NULL,
	"uncertain" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "edition_outcome" (
	"edition_id" uuid NOT NULL,
	"status" text NOT NULL,
	"class" text NOT NULL,
	"code" integer NOT NULL,
	"words" text NOT NULL,
	"provider" text NOT NULL,
	"n" integer NOT NULL,
	CONSTRAINT "edition_outcome_edition_id_status_class_code_words_provider_pk" PRIMARY KEY("edition_id","status","class","code","words","provider")
);
--> statement-breakpoint
CREATE TABLE "edition_outcome_delta" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "edition_outcome_delta_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"edition_id" uuid NOT NULL,
	"status" text NOT NULL,
	"class" text NOT NULL,
	"code" integer NOT NULL,
	"words" text NOT NULL,
	"provider" text NOT NULL,
	"n" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reader_count" (
	"publication_id" uuid NOT NULL,
	"dimension" text NOT NULL,
	"key" text NOT NULL,
	"status" text NOT NULL,
	"n" integer NOT NULL,
	CONSTRAINT "reader_count_publication_id_dimension_key_status_pk" PRIMARY KEY("publication_id","dimension","key","status")
);
--> statement-breakpoint
CREATE TABLE "reader_count_delta" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "reader_count_delta_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"publication_id" uuid NOT NULL,
	"dimension" text NOT NULL,
	"key" text NOT NULL,
	"status" text NOT NULL,
	"n" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "event_feed" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "event_feed_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"seq" bigint,
	"publication_id" uuid NOT NULL,
	"event" text NOT NULL,
	"subject" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "subscription_digest_id_index";--> statement-breakpoint
ALTER TABLE "subscriber" ADD COLUMN "source" text DEFAULT 'operator' NOT NULL;--> statement-breakpoint
ALTER TABLE "edition_count" ADD CONSTRAINT "edition_count_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edition_outcome" ADD CONSTRAINT "edition_outcome_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "edition_count_delta_edition_id_index" ON "edition_count_delta" USING btree ("edition_id");--> statement-breakpoint
CREATE INDEX "edition_outcome_delta_edition_id_index" ON "edition_outcome_delta" USING btree ("edition_id");--> statement-breakpoint
CREATE INDEX "event_feed_seq" ON "event_feed" USING btree ("seq");--> statement-breakpoint
CREATE INDEX "event_feed_news" ON "event_feed" USING btree ("id") WHERE seq IS NULL;--> statement-breakpoint
CREATE INDEX "subscriber_publication_id_locale_id_index" ON "subscriber" USING btree ("publication_id","locale","id");--> statement-breakpoint
CREATE INDEX "subscriber_publication_id_source_id_index" ON "subscriber" USING btree ("publication_id","source","id");--> statement-breakpoint
CREATE INDEX "subscriber_attributes" ON "subscriber" USING gin ("attributes" jsonb_path_ops);--> statement-breakpoint
CREATE INDEX "subscription_digest_id_subscriber_id_index" ON "subscription" USING btree ("digest_id","subscriber_id");--> statement-breakpoint
CREATE INDEX "subscription_topics" ON "subscription" USING gin ("topics");--> statement-breakpoint
CREATE INDEX "subscription_paused" ON "subscription" USING btree ("subscriber_id") WHERE paused_until IS NOT NULL;--> statement-breakpoint
CREATE INDEX "delivery_waiting" ON "delivery" USING btree ("edition_id","subscriber_id") WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX "delivery_deferred" ON "delivery" USING btree ("edition_id","subscriber_id") WHERE status = 'queued' AND attempts > 0;--> statement-breakpoint
CREATE INDEX "delivery_ended" ON "delivery" USING btree ("edition_id","status","subscriber_id") WHERE status IN ('failed', 'suppressed', 'expired', 'uncertain');
--> statement-breakpoint
-- What readers are found by: address and name in lower case, without accents. What is looked for goes through the same function.
-- Letters that have no lower case in the C locale, or no letter to fall back on, are named.
CREATE FUNCTION reader_search_text(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT CASE WHEN octet_length(given) = length(given) THEN lower(given) ELSE
    replace(replace(replace(lower(translate(regexp_replace(normalize(given, NFKD), '[\u0300-\u036f]', '', 'g'),
      'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЄҐЂЈЉЊЋЏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩςØøŁłĐđÐðŦŧĦħıÞþ',
      'абвгдежзийклмнопрстуфхцчшщъыьэюяієґђјљњћџαβγδεζηθικλμνξοπρστυφχψωσoollddddtthhitt')), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe') END
$$;
--> statement-breakpoint
-- Begins with a space, and has one before the name: `% jo%` finds addresses and names that begin so.
ALTER TABLE subscriber ADD COLUMN search text NOT NULL GENERATED ALWAYS AS (
  ' ' || reader_search_text(email_normalised) || ' ' || coalesce(reader_search_text(name), '')) STORED;
--> statement-breakpoint
UPDATE subscriber s SET source = c.form FROM (
  SELECT DISTINCT ON (subscriber_id) subscriber_id, form FROM consent WHERE kind = 'given' ORDER BY subscriber_id, id) c
WHERE c.subscriber_id = s.id AND c.form IS NOT NULL;
--> statement-breakpoint
CREATE FUNCTION count_new_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.reader_count_delta (publication_id, dimension, key, status, n)
  SELECT r.publication_id, d.dimension, d.key, r.status, count(*)
  FROM new_rows r CROSS JOIN LATERAL (VALUES ('status', ''), ('locale', r.locale), ('source', r.source)) AS d(dimension, key)
  GROUP BY 1, 2, 3, 4;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Nothing here joins old rows with new ones: the plan that one row has made is kept, and would compare each of a thousand with all others.
CREATE FUNCTION count_changed_readers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.reader_count_delta (publication_id, dimension, key, status, n)
  SELECT c.publication_id, d.dimension, d.key, c.status, sum(c.n)
  FROM (
    SELECT publication_id, status, locale, source, -1 AS n FROM old_rows
    UNION ALL SELECT publication_id, status, locale, source, 1 FROM new_rows) c
  CROSS JOIN LATERAL (VALUES ('status', ''), ('locale', c.locale), ('source', c.source)) AS d(dimension, key)
  GROUP BY 1, 2, 3, 4 HAVING sum(c.n) <> 0;
  IF NOT FOUND THEN RETURN NULL; END IF;
  INSERT INTO public.reader_count_delta (publication_id, dimension, key, status, n)
  WITH moved AS (
    SELECT id, publication_id, status, sum(n) AS n FROM (
      SELECT id, publication_id, status, -1 AS n FROM old_rows
      UNION ALL SELECT id, publication_id, status, 1 FROM new_rows) c
    GROUP BY 1, 2, 3 HAVING sum(n) <> 0)
  SELECT m.publication_id, d.dimension, d.key, m.status, sum(m.n)
  FROM moved m JOIN public.subscription u ON u.subscriber_id = m.id
  CROSS JOIN LATERAL (
    SELECT 'digest', u.digest_id::text UNION ALL SELECT 'topic', u.digest_id || '/' || t FROM unnest(u.topics) AS t) AS d(dimension, key)
  GROUP BY 1, 2, 3, 4 HAVING sum(m.n) <> 0;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Before the row goes, and its subscriptions with it: afterwards nobody knows which they were.
CREATE FUNCTION count_gone_reader() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.reader_count_delta (publication_id, dimension, key, status, n)
  SELECT OLD.publication_id, d.dimension, d.key, OLD.status, -1 FROM (
    VALUES ('status', ''), ('locale', OLD.locale), ('source', OLD.source)
    UNION ALL SELECT 'digest', digest_id::text FROM public.subscription WHERE subscriber_id = OLD.id
    UNION ALL SELECT 'topic', u.digest_id || '/' || t FROM public.subscription u, unnest(u.topics) AS t
      WHERE u.subscriber_id = OLD.id) AS d(dimension, key);
  RETURN OLD;
END $$;
--> statement-breakpoint
CREATE TRIGGER subscriber_counted_new AFTER INSERT ON subscriber REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_new_readers();
--> statement-breakpoint
CREATE TRIGGER subscriber_counted_changed AFTER UPDATE ON subscriber REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_changed_readers();
--> statement-breakpoint
CREATE TRIGGER subscriber_counted_gone BEFORE DELETE ON subscriber FOR EACH ROW EXECUTE FUNCTION count_gone_reader();
--> statement-breakpoint
-- The readers are locked first: whoever changes their status meanwhile is waited for, and counts these choices or leaves them to this.
-- Of a reader who is gone nothing is counted here; that was done when they went.
CREATE FUNCTION count_choices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM FROM public.subscriber s WHERE s.id IN (SELECT subscriber_id FROM old_rows) ORDER BY s.id FOR SHARE;
    INSERT INTO public.reader_count_delta (publication_id, dimension, key, status, n)
    SELECT s.publication_id, d.dimension, d.key, s.status, -count(*)
    FROM old_rows u JOIN public.subscriber s ON s.id = u.subscriber_id
    CROSS JOIN LATERAL (
      SELECT 'digest', u.digest_id::text UNION ALL SELECT 'topic', u.digest_id || '/' || t FROM unnest(u.topics) AS t) AS d(dimension, key)
    GROUP BY 1, 2, 3, 4;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM FROM public.subscriber s WHERE s.id IN (SELECT subscriber_id FROM new_rows) ORDER BY s.id FOR SHARE;
    INSERT INTO public.reader_count_delta (publication_id, dimension, key, status, n)
    SELECT s.publication_id, d.dimension, d.key, s.status, count(*)
    FROM new_rows u JOIN public.subscriber s ON s.id = u.subscriber_id
    CROSS JOIN LATERAL (
      SELECT 'digest', u.digest_id::text UNION ALL SELECT 'topic', u.digest_id || '/' || t FROM unnest(u.topics) AS t) AS d(dimension, key)
    GROUP BY 1, 2, 3, 4;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER subscription_counted_new AFTER INSERT ON subscription REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_choices();
--> statement-breakpoint
CREATE TRIGGER subscription_counted_changed AFTER UPDATE ON subscription REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_choices();
--> statement-breakpoint
CREATE TRIGGER subscription_counted_gone AFTER DELETE ON subscription REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_choices();
--> statement-breakpoint
INSERT INTO reader_count (publication_id, dimension, key, status, n)
SELECT publication_id, dimension, key, status, count(*) FROM (
  SELECT s.publication_id, d.dimension, d.key, s.status
  FROM subscriber s CROSS JOIN LATERAL (VALUES ('status', ''), ('locale', s.locale), ('source', s.source)) AS d(dimension, key)
  UNION ALL
  SELECT s.publication_id, 'digest', u.digest_id::text, s.status FROM subscription u JOIN subscriber s ON s.id = u.subscriber_id
  UNION ALL
  SELECT s.publication_id, 'topic', u.digest_id || '/' || t, s.status
  FROM subscription u JOIN subscriber s ON s.id = u.subscriber_id CROSS JOIN unnest(u.topics) AS t) c
GROUP BY 1, 2, 3, 4;
--> statement-breakpoint
CREATE FUNCTION count_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO public.edition_count_delta (edition_id, queued, claimed, accepted, deferred, failed, suppressed, expired, uncertain)
    SELECT * FROM (
      SELECT edition_id, coalesce(sum(n) FILTER (WHERE status = 'queued' AND attempts = 0), 0) AS queued,
        coalesce(sum(n) FILTER (WHERE status = 'claimed'), 0) AS claimed,
        coalesce(sum(n) FILTER (WHERE status = 'accepted'), 0) AS accepted,
        coalesce(sum(n) FILTER (WHERE status = 'queued' AND attempts > 0), 0) AS deferred,
        coalesce(sum(n) FILTER (WHERE status = 'failed'), 0) AS failed,
        coalesce(sum(n) FILTER (WHERE status = 'suppressed'), 0) AS suppressed,
        coalesce(sum(n) FILTER (WHERE status = 'expired'), 0) AS expired,
        coalesce(sum(n) FILTER (WHERE status = 'uncertain'), 0) AS uncertain
      FROM (
        SELECT edition_id, status, (attempts > 0)::int AS attempts, -count(*) AS n FROM old_rows GROUP BY 1, 2, 3
        UNION ALL SELECT edition_id, status, (attempts > 0)::int, count(*) FROM new_rows GROUP BY 1, 2, 3) c
      GROUP BY edition_id) moved
    -- A lease that is renewed moves nothing.
    WHERE (queued, claimed, accepted, deferred, failed, suppressed, expired, uncertain) <> (0, 0, 0, 0, 0, 0, 0, 0);
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO public.edition_count_delta (edition_id, queued, claimed, accepted, deferred, failed, suppressed, expired, uncertain)
    SELECT edition_id, count(*) FILTER (WHERE status = 'queued' AND attempts = 0), count(*) FILTER (WHERE status = 'claimed'),
      count(*) FILTER (WHERE status = 'accepted'), count(*) FILTER (WHERE status = 'queued' AND attempts > 0),
      count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status = 'suppressed'),
      count(*) FILTER (WHERE status = 'expired'), count(*) FILTER (WHERE status = 'uncertain')
    FROM new_rows GROUP BY edition_id;
  ELSE
    INSERT INTO public.edition_count_delta (edition_id, queued, claimed, accepted, deferred, failed, suppressed, expired, uncertain)
    SELECT edition_id, -count(*) FILTER (WHERE status = 'queued' AND attempts = 0), -count(*) FILTER (WHERE status = 'claimed'),
      -count(*) FILTER (WHERE status = 'accepted'), -count(*) FILTER (WHERE status = 'queued' AND attempts > 0),
      -count(*) FILTER (WHERE status = 'failed'), -count(*) FILTER (WHERE status = 'suppressed'),
      -count(*) FILTER (WHERE status = 'expired'), -count(*) FILTER (WHERE status = 'uncertain')
    FROM old_rows GROUP BY edition_id;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER delivery_counted_new AFTER INSERT ON delivery REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_deliveries();
--> statement-breakpoint
CREATE TRIGGER delivery_counted_changed AFTER UPDATE ON delivery REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_deliveries();
--> statement-breakpoint
CREATE TRIGGER delivery_counted_gone AFTER DELETE ON delivery REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_deliveries();
--> statement-breakpoint
INSERT INTO edition_count (edition_id, queued, claimed, accepted, deferred, failed, suppressed, expired, uncertain)
SELECT edition_id, count(*) FILTER (WHERE status = 'queued' AND attempts = 0), count(*) FILTER (WHERE status = 'claimed'),
  count(*) FILTER (WHERE status = 'accepted'), count(*) FILTER (WHERE status = 'queued' AND attempts > 0),
  count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status = 'suppressed'),
  count(*) FILTER (WHERE status = 'expired'), count(*) FILTER (WHERE status = 'uncertain')
FROM delivery GROUP BY edition_id;
--> statement-breakpoint
CREATE FUNCTION announce_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.event_feed (publication_id, event, subject) VALUES (NEW.publication_id,
    CASE WHEN TG_OP = 'INSERT' OR OLD.status <> NEW.status THEN 'edition.changed'
      WHEN NEW.status IN ('draft', 'scheduled') THEN 'draft.changed' ELSE 'edition.progress' END, NEW.id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER edition_announced AFTER INSERT OR UPDATE ON edition FOR EACH ROW EXECUTE FUNCTION announce_edition();
--> statement-breakpoint
CREATE FUNCTION announce_slot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.event_feed (publication_id, event, subject)
  SELECT publication_id, 'slot.changed', NEW.id FROM public.digest WHERE id = NEW.digest_id;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER slot_announced AFTER INSERT OR UPDATE ON slot FOR EACH ROW EXECUTE FUNCTION announce_slot();
--> statement-breakpoint
CREATE FUNCTION announce_alarm() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR OLD.state <> NEW.state THEN
    INSERT INTO public.event_feed (publication_id, event, subject)
    VALUES (NEW.publication_id, CASE TG_OP WHEN 'INSERT' THEN 'alarm.opened' ELSE 'alarm.changed' END, NEW.id);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER alarm_announced AFTER INSERT OR UPDATE ON alarm FOR EACH ROW EXECUTE FUNCTION announce_alarm();
