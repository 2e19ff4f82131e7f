CREATE TABLE "article_number" (
	"edition_id" uuid NOT NULL,
	"article_id" uuid NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"frozen" integer DEFAULT 0 NOT NULL,
	"accepted" integer DEFAULT 0 NOT NULL,
	"deferred" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"bounced" integer DEFAULT 0 NOT NULL,
	"complained" integer DEFAULT 0 NOT NULL,
	"unsubscribed" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "article_number_article_id_hour_edition_id_pk" PRIMARY KEY("article_id","hour","edition_id")
);
--> statement-breakpoint
CREATE TABLE "article_number_delta" (
	"id" uuid PRIMARY KEY NOT NULL,
	"edition_id" uuid NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"counts" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "uncounted_edition" (
	"edition_id" uuid PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE "article_number" ADD CONSTRAINT "article_number_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uncounted_edition" ADD CONSTRAINT "uncounted_edition_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "article_number_hour_index" ON "article_number" USING btree ("hour");--> statement-breakpoint
CREATE INDEX "article_number_edition_id_index" ON "article_number" USING btree ("edition_id");--> statement-breakpoint
INSERT INTO "uncounted_edition" ("edition_id") SELECT "id" FROM "edition" WHERE "status" NOT IN ('draft', 'scheduled');
