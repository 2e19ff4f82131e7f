CREATE TABLE "reader_bulk" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"action" text NOT NULL,
	"digest_id" uuid,
	"task" jsonb,
	"state" text NOT NULL,
	"matched" integer NOT NULL,
	"expected" integer NOT NULL,
	"changed" integer DEFAULT 0 NOT NULL,
	"skipped" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"undone" integer DEFAULT 0 NOT NULL,
	"cursor" uuid,
	"made_by" text NOT NULL,
	"begins_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "reader_bulk_change" (
	"bulk_id" uuid NOT NULL,
	"subscriber_id" uuid NOT NULL,
	"before" jsonb NOT NULL,
	CONSTRAINT "reader_bulk_change_bulk_id_subscriber_id_pk" PRIMARY KEY("bulk_id","subscriber_id")
);
--> statement-breakpoint
ALTER TABLE "reader_bulk" ADD CONSTRAINT "reader_bulk_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reader_bulk_change" ADD CONSTRAINT "reader_bulk_change_bulk_id_reader_bulk_id_fk" FOREIGN KEY ("bulk_id") REFERENCES "public"."reader_bulk"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reader_bulk_change" ADD CONSTRAINT "reader_bulk_change_subscriber_id_subscriber_id_fk" FOREIGN KEY ("subscriber_id") REFERENCES "public"."subscriber"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reader_bulk_publication_id_id_index" ON "reader_bulk" USING btree ("publication_id","id");--> statement-breakpoint
CREATE INDEX "reader_bulk_change_subscriber_id_index" ON "reader_bulk_change" USING btree ("subscriber_id");
--> statement-breakpoint
CREATE FUNCTION announce_bulk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.event_feed (publication_id, event, subject) VALUES (NEW.publication_id, 'bulk.progress', NEW.id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER bulk_announced AFTER INSERT OR UPDATE ON reader_bulk FOR EACH ROW EXECUTE FUNCTION announce_bulk();
