CREATE TABLE "draft_content" (
	"edition_id" uuid NOT NULL,
	"locale" text NOT NULL,
	"fingerprint" text NOT NULL,
	"content" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "draft_content_edition_id_locale_pk" PRIMARY KEY("edition_id","locale")
);
--> statement-breakpoint
ALTER TABLE "draft_content" ADD CONSTRAINT "draft_content_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;