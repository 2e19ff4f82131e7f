CREATE TABLE "alarm" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"cause" text NOT NULL,
	"subject" text NOT NULL,
	"state" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone,
	"seen_by" text,
	"until" timestamp with time zone,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"mailed_at" timestamp with time zone,
	"called_at" timestamp with time zone,
	"failed_calls" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audience_number" (
	"publication_id" uuid NOT NULL,
	"source" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"sign_ups" integer DEFAULT 0 NOT NULL,
	"confirmed" integer DEFAULT 0 NOT NULL,
	"left" integer DEFAULT 0 NOT NULL,
	"bounced" integer DEFAULT 0 NOT NULL,
	"complained" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "audience_number_publication_id_hour_source_pk" PRIMARY KEY("publication_id","hour","source")
);
--> statement-breakpoint
CREATE TABLE "audience_number_delta" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"source" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"sign_ups" integer DEFAULT 0 NOT NULL,
	"confirmed" integer DEFAULT 0 NOT NULL,
	"left" integer DEFAULT 0 NOT NULL,
	"bounced" integer DEFAULT 0 NOT NULL,
	"complained" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "edition_clicks" (
	"edition_id" uuid NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"people" integer DEFAULT 0 NOT NULL,
	"scanners" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "edition_clicks_edition_id_hour_pk" PRIMARY KEY("edition_id","hour")
);
--> statement-breakpoint
CREATE TABLE "edition_link" (
	"edition_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"url" text NOT NULL,
	"article_id" uuid,
	CONSTRAINT "edition_link_edition_id_number_pk" PRIMARY KEY("edition_id","number")
);
--> statement-breakpoint
CREATE TABLE "edition_number" (
	"edition_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"frozen" integer DEFAULT 0 NOT NULL,
	"accepted" integer DEFAULT 0 NOT NULL,
	"deferred" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"bounced" integer DEFAULT 0 NOT NULL,
	"complained" integer DEFAULT 0 NOT NULL,
	"unsubscribed" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "edition_number_edition_id_provider_hour_pk" PRIMARY KEY("edition_id","provider","hour")
);
--> statement-breakpoint
CREATE TABLE "edition_number_delta" (
	"id" uuid PRIMARY KEY NOT NULL,
	"edition_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"frozen" integer DEFAULT 0 NOT NULL,
	"accepted" integer DEFAULT 0 NOT NULL,
	"deferred" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"bounced" integer DEFAULT 0 NOT NULL,
	"complained" integer DEFAULT 0 NOT NULL,
	"unsubscribed" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "link_clicks" (
	"edition_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"people" integer DEFAULT 0 NOT NULL,
	"scanners" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "link_clicks_edition_id_number_hour_pk" PRIMARY KEY("edition_id","number","hour")
);
--> statement-breakpoint
CREATE TABLE "mail_domain" (
	"domain" text PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"looked_up_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "published_record" (
	"publication_id" uuid NOT NULL,
	"check" text NOT NULL,
	"fingerprint" text NOT NULL,
	"found" text NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "published_record_publication_id_check_pk" PRIMARY KEY("publication_id","check")
);
--> statement-breakpoint
CREATE TABLE "received_report" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"organisation" text NOT NULL,
	"report_id" text NOT NULL,
	"domain" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"rows" jsonb NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "received_report_kind_organisation_reportId_domain_unique" UNIQUE("kind","organisation","report_id","domain")
);
--> statement-breakpoint
CREATE TABLE "returned_item" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"key" text NOT NULL,
	"way" text NOT NULL,
	"kind" text NOT NULL,
	"name" text,
	"results" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "returned_item_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "transport_hook" (
	"transport_id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"last_event_at" timestamp with time zone,
	"last_refusal_at" timestamp with time zone,
	"last_refusal" text,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "way_in" (
	"name" text PRIMARY KEY NOT NULL,
	"is_well" boolean NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"problem" text,
	"last_message_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "subscriber" ADD COLUMN "rested_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "delivery" ADD COLUMN "bounced_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "feedback_event" ADD COLUMN "class" text;--> statement-breakpoint
ALTER TABLE "feedback_event" ADD COLUMN "smtp_status" text;--> statement-breakpoint
ALTER TABLE "feedback_event" ADD COLUMN "returned_item_id" uuid;--> statement-breakpoint
ALTER TABLE "publication" ADD COLUMN "measure" text DEFAULT 'totals' NOT NULL;--> statement-breakpoint
ALTER TABLE "publication" ADD COLUMN "utm" jsonb;--> statement-breakpoint
ALTER TABLE "alarm" ADD CONSTRAINT "alarm_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audience_number" ADD CONSTRAINT "audience_number_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edition_clicks" ADD CONSTRAINT "edition_clicks_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edition_link" ADD CONSTRAINT "edition_link_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edition_number" ADD CONSTRAINT "edition_number_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "link_clicks" ADD CONSTRAINT "link_clicks_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "published_record" ADD CONSTRAINT "published_record_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "received_report" ADD CONSTRAINT "received_report_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "returned_item" ADD CONSTRAINT "returned_item_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alarm_publication_id_state_id_index" ON "alarm" USING btree ("publication_id","state","id");--> statement-breakpoint
CREATE INDEX "alarm_cause_subject_index" ON "alarm" USING btree ("cause","subject");--> statement-breakpoint
CREATE INDEX "edition_number_hour_index" ON "edition_number" USING btree ("hour");--> statement-breakpoint
CREATE INDEX "mail_domain_looked_up_at_index" ON "mail_domain" USING btree ("looked_up_at");--> statement-breakpoint
CREATE INDEX "received_report_publication_id_ends_at_index" ON "received_report" USING btree ("publication_id","ends_at");--> statement-breakpoint
CREATE INDEX "returned_item_received_at_index" ON "returned_item" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "returned_item_kind_id_index" ON "returned_item" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "subscriber_rested" ON "subscriber" USING btree ("rested_until") WHERE rested_until IS NOT NULL;--> statement-breakpoint
CREATE INDEX "feedback_event_at_index" ON "feedback_event" USING btree ("at");--> statement-breakpoint
CREATE INDEX "feedback_event_type" ON "feedback_event" USING btree ("publication_id","type","at");--> statement-breakpoint
CREATE INDEX "feedback_event_returned_item_id_index" ON "feedback_event" USING btree ("returned_item_id");