CREATE TABLE "edition_wave" (
	"edition_id" uuid NOT NULL,
	"wave" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"cutoff" timestamp with time zone NOT NULL,
	"article_ids" uuid[] NOT NULL,
	"recipients" integer DEFAULT 0 NOT NULL,
	"variants" integer DEFAULT 0 NOT NULL,
	"frozen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "edition_wave_edition_id_wave_pk" PRIMARY KEY("edition_id","wave")
);
--> statement-breakpoint
CREATE TABLE "slot" (
	"id" uuid PRIMARY KEY NOT NULL,
	"digest_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"previous_at" timestamp with time zone,
	"local" boolean NOT NULL,
	"status" text NOT NULL,
	"edition_id" uuid,
	"reason" text,
	"decided_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "slot_digestId_at_local_unique" UNIQUE("digest_id","at","local")
);
--> statement-breakpoint
ALTER TABLE "subscriber" ADD COLUMN "first_wish" jsonb;--> statement-breakpoint
ALTER TABLE "subscription" ADD COLUMN "weekday" integer;--> statement-breakpoint
ALTER TABLE "subscription" ADD COLUMN "alerts" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "subscription" ADD COLUMN "paused_until" date;--> statement-breakpoint
ALTER TABLE "article" ADD COLUMN "released_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
UPDATE "article" SET "released_at" = "created_at";--> statement-breakpoint
ALTER TABLE "article" ADD COLUMN "news_at" timestamp with time zone GENERATED ALWAYS AS (greatest(released_at, published_at, coalesce(embargo_until, published_at))) STORED;--> statement-breakpoint
ALTER TABLE "article" ADD COLUMN "priority" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "article" ADD COLUMN "breaking" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "article" ADD COLUMN "correction" text;--> statement-breakpoint
ALTER TABLE "article" ADD COLUMN "corrected_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "templates" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "alert_template" text DEFAULT 'alert' NOT NULL;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "cron" text;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "time_zone" text;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "reader_local" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "scheduled_through" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "late_limit_minutes" integer DEFAULT 360 NOT NULL;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "approval_minutes" integer;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "without_approval" text DEFAULT 'skip' NOT NULL;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "when_empty" text DEFAULT 'skip' NOT NULL;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "empty_text" text;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "order_by" text[] DEFAULT '{"pin","priority","recency"}' NOT NULL;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "pinned" uuid[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "excluded" uuid[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "lookback_days" integer DEFAULT 14 NOT NULL;--> statement-breakpoint
ALTER TABLE "digest" ADD COLUMN "repeat_after_days" integer;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "kind" text DEFAULT 'regular' NOT NULL;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "selection" text DEFAULT 'list' NOT NULL;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "slot_id" uuid;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "article_id" uuid;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "next_wave_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "last_wave_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "waves" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "approval" text;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "approved_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "edition_wave" ADD CONSTRAINT "edition_wave_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slot" ADD CONSTRAINT "slot_digest_id_digest_id_fk" FOREIGN KEY ("digest_id") REFERENCES "public"."digest"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "slot_status_index" ON "slot" USING btree ("status");--> statement-breakpoint
ALTER TABLE "edition" ADD CONSTRAINT "edition_slot_id_slot_id_fk" FOREIGN KEY ("slot_id") REFERENCES "public"."slot"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edition" ADD CONSTRAINT "edition_article_id_article_id_fk" FOREIGN KEY ("article_id") REFERENCES "public"."article"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "article_publication_id_news_at_index" ON "article" USING btree ("publication_id","news_at");--> statement-breakpoint
CREATE UNIQUE INDEX "edition_alert" ON "edition" USING btree ("digest_id","article_id") WHERE kind = 'alert';--> statement-breakpoint
CREATE UNIQUE INDEX "edition_slot" ON "edition" USING btree ("slot_id");--> statement-breakpoint
CREATE INDEX "edition_next_wave" ON "edition" USING btree ("next_wave_at") WHERE next_wave_at IS NOT NULL;