CREATE TABLE "feed_entry" (
	"id" uuid PRIMARY KEY NOT NULL,
	"feed_id" uuid NOT NULL,
	"guid_hash" text,
	"url_hash" text,
	"article_id" uuid,
	"content_hash" text NOT NULL,
	"applied_at" timestamp with time zone,
	"first_seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "feed_entry_feedId_guidHash_unique" UNIQUE("feed_id","guid_hash")
);
--> statement-breakpoint
CREATE TABLE "feed" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"url" text NOT NULL,
	"name" text NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"topics" uuid[] DEFAULT '{}' NOT NULL,
	"category_topics" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"every_minutes" integer NOT NULL,
	"etag" text,
	"last_modified" text,
	"due_at" timestamp with time zone NOT NULL,
	"polled_at" timestamp with time zone,
	"succeeded_at" timestamp with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"warning" text,
	"lease_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "feed_publicationId_url_unique" UNIQUE("publication_id","url")
);
--> statement-breakpoint
ALTER TABLE "article" ADD COLUMN "draft" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "article" ADD COLUMN "feed_id" uuid;--> statement-breakpoint
ALTER TABLE "article" ADD COLUMN "source_changed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "feed_entry" ADD CONSTRAINT "feed_entry_feed_id_feed_id_fk" FOREIGN KEY ("feed_id") REFERENCES "public"."feed"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_entry" ADD CONSTRAINT "feed_entry_article_id_article_id_fk" FOREIGN KEY ("article_id") REFERENCES "public"."article"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed" ADD CONSTRAINT "feed_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "feed_entry_feed_id_url_hash_index" ON "feed_entry" USING btree ("feed_id","url_hash");--> statement-breakpoint
CREATE INDEX "feed_entry_article_id_index" ON "feed_entry" USING btree ("article_id");--> statement-breakpoint
CREATE INDEX "feed_enabled_due_at_index" ON "feed" USING btree ("enabled","due_at");--> statement-breakpoint
ALTER TABLE "article" ADD CONSTRAINT "article_feed_id_feed_id_fk" FOREIGN KEY ("feed_id") REFERENCES "public"."feed"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "article_feed_id_index" ON "article" USING btree ("feed_id");