ALTER TABLE "edition_number" ADD COLUMN "measured" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "edition_number_delta" ADD COLUMN "measured" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
INSERT INTO "edition_number_delta" ("id", "edition_id", "provider", "hour", "measured")
	SELECT gen_random_uuid(), d.edition_id, coalesce(m.provider, 'other'), date_trunc('hour', d.accepted_at, 'UTC'), count(*)
	FROM "subscriber" s JOIN "delivery" d ON d.subscriber_id = s.id AND d.status = 'accepted' AND d.accepted_at >= s.measured_since
	LEFT JOIN "mail_domain" m ON m.domain = split_part(s.email_normalised, '@', 2)
	WHERE s.measured_since IS NOT NULL AND EXISTS (SELECT 1 FROM "subscriber" WHERE measured_since IS NOT NULL)
	GROUP BY 2, 3, 4;--> statement-breakpoint
DROP INDEX IF EXISTS "subscriber_measured";
