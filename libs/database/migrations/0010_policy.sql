CREATE TABLE "edition_refusals" (
	"edition_id" uuid PRIMARY KEY NOT NULL,
	"recent" text[] DEFAULT '{}' NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recipient_standing" (
	"domain" text PRIMARY KEY NOT NULL,
	"recent" text DEFAULT '' NOT NULL,
	"rests" integer DEFAULT 0 NOT NULL,
	"resting_since" timestamp with time zone,
	"resting_until" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "paused_by" jsonb;--> statement-breakpoint
ALTER TABLE "edition_refusals" ADD CONSTRAINT "edition_refusals_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "recipient_standing_resting" ON "recipient_standing" USING btree ("domain") WHERE rests > 0;--> statement-breakpoint
-- Who read or changed what: on one role too, the database itself refuses every change.
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
