CREATE TABLE "edition_version" (
	"edition_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"by_id" text,
	"by_name" text,
	"begun_at" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"fields" text[] NOT NULL,
	"draft" jsonb NOT NULL,
	CONSTRAINT "edition_version_edition_id_version_pk" PRIMARY KEY("edition_id","version")
);
--> statement-breakpoint
CREATE TABLE "link_check" (
	"url" text PRIMARY KEY NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	"status" integer,
	"problem" text
);
--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "preheader" text;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "intro" text;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "intro_html" text;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "held_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "edition_article" ADD COLUMN "section" text;--> statement-breakpoint
ALTER TABLE "edition_version" ADD CONSTRAINT "edition_version_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "link_check_checked_at_index" ON "link_check" USING btree ("checked_at");--> statement-breakpoint
CREATE INDEX "edition_held" ON "edition" USING btree ("held_until") WHERE held_until IS NOT NULL;