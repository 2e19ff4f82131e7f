INSERT INTO "edition_wave" ("edition_id", "wave", "at", "cutoff", "article_ids", "recipients", "variants", "frozen_at")
SELECT e."id", 0, coalesce(e."started_at", e."created_at"), coalesce(e."started_at", e."created_at"),
	coalesce((SELECT array_agg(a."article_id" ORDER BY a."position") FROM "edition_article" a WHERE a."edition_id" = e."id"), '{}'),
	e."recipients", (SELECT count(*) FROM "variant" v WHERE v."edition_id" = e."id"), coalesce(e."started_at", e."created_at")
FROM "edition" e WHERE e."batches" > 0 OR e."status" IN ('sending', 'sent');--> statement-breakpoint
UPDATE "edition" e SET "waves" = 1, "last_wave_at" = w."at" FROM "edition_wave" w WHERE w."edition_id" = e."id";--> statement-breakpoint
DELETE FROM "variant" v WHERE NOT EXISTS (SELECT 1 FROM "edition_wave" w WHERE w."edition_id" = v."edition_id");--> statement-breakpoint
DELETE FROM "edition_content" c WHERE NOT EXISTS (SELECT 1 FROM "edition_wave" w WHERE w."edition_id" = c."edition_id");--> statement-breakpoint
ALTER TABLE "variant" DROP CONSTRAINT "variant_editionId_locale_articleIds_unique";--> statement-breakpoint
ALTER TABLE "edition_content" DROP CONSTRAINT "edition_content_edition_id_locale_pk";--> statement-breakpoint
ALTER TABLE "edition_content" ADD COLUMN "id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "edition_content" ALTER COLUMN "id" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "edition_content" ADD COLUMN "fingerprint" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "edition_content" ALTER COLUMN "fingerprint" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "variant" ADD COLUMN "wave" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "variant" ALTER COLUMN "wave" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "variant" ADD COLUMN "content_id" uuid;--> statement-breakpoint
UPDATE "variant" v SET "content_id" = c."id" FROM "edition_content" c WHERE c."edition_id" = v."edition_id" AND c."locale" = v."locale";--> statement-breakpoint
DELETE FROM "variant" WHERE "content_id" IS NULL;--> statement-breakpoint
ALTER TABLE "variant" ALTER COLUMN "content_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "variant" ADD COLUMN "mask" bit varying;--> statement-breakpoint
UPDATE "variant" v SET "mask" = coalesce((
	SELECT string_agg(CASE WHEN i."article_id" = ANY (v."article_ids") THEN '1' ELSE '0' END, '' ORDER BY i."at")
	FROM "edition_wave" w, unnest(w."article_ids") WITH ORDINALITY AS i("article_id", "at") WHERE w."edition_id" = v."edition_id"), '')::bit varying;--> statement-breakpoint
ALTER TABLE "variant" ALTER COLUMN "mask" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "variant" ADD COLUMN "more" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "variant_edition_id_wave_index" ON "variant" USING btree ("edition_id","wave");--> statement-breakpoint
ALTER TABLE "variant" DROP COLUMN "article_ids";--> statement-breakpoint
ALTER TABLE "edition_content" ADD CONSTRAINT "edition_content_editionId_locale_fingerprint_unique" UNIQUE("edition_id","locale","fingerprint");
