CREATE TABLE "reader_click" (
	"subscriber_id" uuid NOT NULL,
	"edition_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "reader_click_subscriber_id_edition_id_number_pk" PRIMARY KEY("subscriber_id","edition_id","number")
);
--> statement-breakpoint
CREATE TABLE "reader_open" (
	"subscriber_id" uuid NOT NULL,
	"edition_id" uuid NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"opened" integer NOT NULL,
	"prefetched" integer NOT NULL,
	CONSTRAINT "reader_open_subscriber_id_edition_id_pk" PRIMARY KEY("subscriber_id","edition_id")
);
--> statement-breakpoint
ALTER TABLE "subscriber" ADD COLUMN "measured_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "reader_click" ADD CONSTRAINT "reader_click_subscriber_id_subscriber_id_fk" FOREIGN KEY ("subscriber_id") REFERENCES "public"."subscriber"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reader_click" ADD CONSTRAINT "reader_click_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reader_open" ADD CONSTRAINT "reader_open_subscriber_id_subscriber_id_fk" FOREIGN KEY ("subscriber_id") REFERENCES "public"."subscriber"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reader_open" ADD CONSTRAINT "reader_open_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reader_click_edition_id_index" ON "reader_click" USING btree ("edition_id");--> statement-breakpoint
CREATE INDEX "reader_click_last_at_index" ON "reader_click" USING btree ("last_at");--> statement-breakpoint
CREATE INDEX "reader_open_edition_id_index" ON "reader_open" USING btree ("edition_id");--> statement-breakpoint
CREATE INDEX "reader_open_last_at_index" ON "reader_open" USING btree ("last_at");