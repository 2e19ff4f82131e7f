CREATE TABLE "domain_slot" (
	"transport_id" uuid NOT NULL,
	"domain" text NOT NULL,
	"slot" integer NOT NULL,
	"holder" uuid NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "domain_slot_transport_id_domain_slot_pk" PRIMARY KEY("transport_id","domain","slot")
);
--> statement-breakpoint
CREATE TABLE "transport" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"name" text NOT NULL,
	"origin" text NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"weight" integer DEFAULT 1 NOT NULL,
	"host" text NOT NULL,
	"port" integer NOT NULL,
	"security" text NOT NULL,
	"verify_certificate" boolean DEFAULT true NOT NULL,
	"client_name" text,
	"auth_method" text DEFAULT 'none' NOT NULL,
	"username" text,
	"sealed_secret" "bytea",
	"connections" integer NOT NULL,
	"per_second" integer,
	"per_hour" integer,
	"per_day" integer,
	"warm_up" jsonb,
	"domain_rules" jsonb,
	"dkim" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"resting_until" timestamp with time zone,
	"last_error" text,
	"last_error_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "transport_publicationId_name_unique" UNIQUE("publication_id","name")
);
--> statement-breakpoint
CREATE TABLE "transport_pace" (
	"transport_id" uuid NOT NULL,
	"domain" text NOT NULL,
	"next_at" timestamp with time zone,
	"resting_until" timestamp with time zone,
	"deferrals" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "transport_pace_transport_id_domain_pk" PRIMARY KEY("transport_id","domain")
);
--> statement-breakpoint
CREATE TABLE "transport_use" (
	"transport_id" uuid NOT NULL,
	"period" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"used" integer NOT NULL,
	CONSTRAINT "transport_use_transport_id_period_starts_at_pk" PRIMARY KEY("transport_id","period","starts_at")
);
--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "deadline" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "domain_slot" ADD CONSTRAINT "domain_slot_transport_id_transport_id_fk" FOREIGN KEY ("transport_id") REFERENCES "public"."transport"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transport" ADD CONSTRAINT "transport_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transport_pace" ADD CONSTRAINT "transport_pace_transport_id_transport_id_fk" FOREIGN KEY ("transport_id") REFERENCES "public"."transport"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transport_use" ADD CONSTRAINT "transport_use_transport_id_transport_id_fk" FOREIGN KEY ("transport_id") REFERENCES "public"."transport"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "domain_slot_holder_index" ON "domain_slot" USING btree ("holder");