CREATE TABLE "consent" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"subscriber_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"method" text NOT NULL,
	"form" text,
	"terms_version_id" uuid,
	"terms_sha256" text,
	"sentence" text,
	"purposes" text[] NOT NULL,
	"locale" text NOT NULL,
	"page_url" text,
	"address_hmac" "bytea" NOT NULL,
	"evidence_sha256" text,
	"submitted_at" timestamp with time zone NOT NULL,
	"confirmed_at" timestamp with time zone,
	"row_sha256" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "consent_evidence" (
	"consent_id" uuid PRIMARY KEY NOT NULL,
	"subscriber_id" uuid NOT NULL,
	"salt" text NOT NULL,
	"address" text NOT NULL,
	"ip" text,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "consent_seal" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"row_count" integer NOT NULL,
	"previous_sha256" text NOT NULL,
	"sha256" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "consent_seal_publicationId_number_unique" UNIQUE("publication_id","number")
);
--> statement-breakpoint
CREATE TABLE "consent_seal_row" (
	"consent_id" uuid PRIMARY KEY NOT NULL,
	"seal_id" uuid NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "consent_seal_row_sealId_position_unique" UNIQUE("seal_id","position")
);
--> statement-breakpoint
CREATE TABLE "subscriber" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"email" text NOT NULL,
	"email_normalised" text NOT NULL,
	"address_hmac" "bytea" NOT NULL,
	"name" text,
	"locale" text NOT NULL,
	"time_zone" text,
	"attributes" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"status" text NOT NULL,
	"follows_defaults" boolean DEFAULT true NOT NULL,
	"confirmed_at" timestamp with time zone,
	"unsubscribed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subscriber_publicationId_emailNormalised_unique" UNIQUE("publication_id","email_normalised")
);
--> statement-breakpoint
CREATE TABLE "subscription" (
	"subscriber_id" uuid NOT NULL,
	"digest_id" uuid NOT NULL,
	"topics" uuid[],
	"cadence" text DEFAULT 'every' NOT NULL,
	"hour" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subscription_subscriber_id_digest_id_pk" PRIMARY KEY("subscriber_id","digest_id")
);
--> statement-breakpoint
CREATE TABLE "suppression" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"address_hmac" "bytea" NOT NULL,
	"reason" text NOT NULL,
	"note" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "suppression_publicationId_addressHmac_unique" UNIQUE("publication_id","address_hmac")
);
--> statement-breakpoint
CREATE TABLE "article" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"url" text,
	"title" text NOT NULL,
	"source" text NOT NULL,
	"format" text NOT NULL,
	"html" text NOT NULL,
	"text" text NOT NULL,
	"summary" text NOT NULL,
	"author" text,
	"image_url" text,
	"published_at" timestamp with time zone NOT NULL,
	"embargo_until" timestamp with time zone,
	"retracted_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "article_publicationId_slug_unique" UNIQUE("publication_id","slug"),
	CONSTRAINT "article_publicationId_url_unique" UNIQUE("publication_id","url")
);
--> statement-breakpoint
CREATE TABLE "article_topic" (
	"article_id" uuid NOT NULL,
	"topic_id" uuid NOT NULL,
	CONSTRAINT "article_topic_article_id_topic_id_pk" PRIMARY KEY("article_id","topic_id")
);
--> statement-breakpoint
CREATE TABLE "delivery" (
	"edition_id" uuid NOT NULL,
	"subscriber_id" uuid NOT NULL,
	"variant_id" uuid NOT NULL,
	"wave" integer DEFAULT 0 NOT NULL,
	"batch" integer NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"lease_token" uuid,
	"lease_until" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"in_doubt" boolean DEFAULT false NOT NULL,
	"smtp_code" integer,
	"smtp_reply" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"accepted_at" timestamp with time zone,
	CONSTRAINT "delivery_edition_id_subscriber_id_pk" PRIMARY KEY("edition_id","subscriber_id")
);
--> statement-breakpoint
CREATE TABLE "feedback_event" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"type" text NOT NULL,
	"subscriber_id" uuid,
	"edition_id" uuid,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mailbox_message" (
	"id" uuid PRIMARY KEY NOT NULL,
	"message_id" text NOT NULL,
	"recipient" text NOT NULL,
	"sender" text NOT NULL,
	"subject" text NOT NULL,
	"raw" "bytea" NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "mailbox_message_messageId_recipient_unique" UNIQUE("message_id","recipient")
);
--> statement-breakpoint
CREATE TABLE "outbox_mail" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subscriber_id" uuid,
	"address" text,
	"edition_id" uuid,
	"payload" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"lease_token" uuid,
	"lease_until" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"in_doubt" boolean DEFAULT false NOT NULL,
	"smtp_code" integer,
	"smtp_reply" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "digest" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"template" text DEFAULT 'digest' NOT NULL,
	"subject" text,
	"topics" uuid[],
	"is_default" boolean DEFAULT false NOT NULL,
	"min_articles" integer DEFAULT 1 NOT NULL,
	"max_articles" integer DEFAULT 20 NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "digest_publicationId_slug_unique" UNIQUE("publication_id","slug")
);
--> statement-breakpoint
CREATE TABLE "edition" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"digest_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"status" text NOT NULL,
	"subject" text,
	"send_at" timestamp with time zone,
	"status_reason" text,
	"recipients" integer DEFAULT 0 NOT NULL,
	"batches" integer DEFAULT 0 NOT NULL,
	"warnings" text[] DEFAULT '{}' NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "edition_publicationId_slug_unique" UNIQUE("publication_id","slug")
);
--> statement-breakpoint
CREATE TABLE "edition_article" (
	"edition_id" uuid NOT NULL,
	"article_id" uuid NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "edition_article_edition_id_article_id_pk" PRIMARY KEY("edition_id","article_id")
);
--> statement-breakpoint
CREATE TABLE "edition_content" (
	"edition_id" uuid NOT NULL,
	"locale" text NOT NULL,
	"content" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "edition_content_edition_id_locale_pk" PRIMARY KEY("edition_id","locale")
);
--> statement-breakpoint
CREATE TABLE "variant" (
	"id" uuid PRIMARY KEY NOT NULL,
	"edition_id" uuid NOT NULL,
	"locale" text NOT NULL,
	"article_ids" uuid[] NOT NULL,
	CONSTRAINT "variant_editionId_locale_articleIds_unique" UNIQUE("edition_id","locale","article_ids")
);
--> statement-breakpoint
CREATE TABLE "api_key" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"name" text NOT NULL,
	"sha256" "bytea" NOT NULL,
	"prefix" text NOT NULL,
	"role" text NOT NULL,
	"from_environment" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_key_sha256_unique" UNIQUE("sha256")
);
--> statement-breakpoint
CREATE TABLE "audit_entry" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"actor_id" uuid,
	"action" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" text,
	"detail" jsonb,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_key" (
	"api_key_id" uuid NOT NULL,
	"key" text NOT NULL,
	"request_sha256" text NOT NULL,
	"status" integer,
	"body" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_key_api_key_id_key_pk" PRIMARY KEY("api_key_id","key")
);
--> statement-breakpoint
CREATE TABLE "installation_secret" (
	"name" text PRIMARY KEY NOT NULL,
	"sealed" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operator" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"email" text NOT NULL,
	"password_hash" text NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "operator_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "publication" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"base_url" text NOT NULL,
	"sender_name" text NOT NULL,
	"sender_email" text NOT NULL,
	"reply_to" text,
	"postal_address" text NOT NULL,
	"locale" text NOT NULL,
	"time_zone" text NOT NULL,
	"theme" jsonb NOT NULL,
	"wording" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "terms_version" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"locale" text NOT NULL,
	"text" text NOT NULL,
	"sha256" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "terms_version_publicationId_locale_version_unique" UNIQUE("publication_id","locale","version")
);
--> statement-breakpoint
CREATE TABLE "topic" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "topic_publicationId_slug_unique" UNIQUE("publication_id","slug")
);
--> statement-breakpoint
ALTER TABLE "consent" ADD CONSTRAINT "consent_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent" ADD CONSTRAINT "consent_terms_version_id_terms_version_id_fk" FOREIGN KEY ("terms_version_id") REFERENCES "public"."terms_version"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent_seal" ADD CONSTRAINT "consent_seal_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent_seal_row" ADD CONSTRAINT "consent_seal_row_seal_id_consent_seal_id_fk" FOREIGN KEY ("seal_id") REFERENCES "public"."consent_seal"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriber" ADD CONSTRAINT "subscriber_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_subscriber_id_subscriber_id_fk" FOREIGN KEY ("subscriber_id") REFERENCES "public"."subscriber"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suppression" ADD CONSTRAINT "suppression_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "article" ADD CONSTRAINT "article_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "article_topic" ADD CONSTRAINT "article_topic_article_id_article_id_fk" FOREIGN KEY ("article_id") REFERENCES "public"."article"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "article_topic" ADD CONSTRAINT "article_topic_topic_id_topic_id_fk" FOREIGN KEY ("topic_id") REFERENCES "public"."topic"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback_event" ADD CONSTRAINT "feedback_event_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox_mail" ADD CONSTRAINT "outbox_mail_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "digest" ADD CONSTRAINT "digest_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edition" ADD CONSTRAINT "edition_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edition" ADD CONSTRAINT "edition_digest_id_digest_id_fk" FOREIGN KEY ("digest_id") REFERENCES "public"."digest"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edition_article" ADD CONSTRAINT "edition_article_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edition_article" ADD CONSTRAINT "edition_article_article_id_article_id_fk" FOREIGN KEY ("article_id") REFERENCES "public"."article"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edition_content" ADD CONSTRAINT "edition_content_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "variant" ADD CONSTRAINT "variant_edition_id_edition_id_fk" FOREIGN KEY ("edition_id") REFERENCES "public"."edition"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operator" ADD CONSTRAINT "operator_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terms_version" ADD CONSTRAINT "terms_version_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "topic" ADD CONSTRAINT "topic_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "consent_subscriber_id_index" ON "consent" USING btree ("subscriber_id");--> statement-breakpoint
CREATE INDEX "consent_publication_id_id_index" ON "consent" USING btree ("publication_id","id");--> statement-breakpoint
CREATE INDEX "consent_evidence_subscriber_id_index" ON "consent_evidence" USING btree ("subscriber_id");--> statement-breakpoint
CREATE INDEX "subscriber_publication_id_status_id_index" ON "subscriber" USING btree ("publication_id","status","id");--> statement-breakpoint
CREATE INDEX "subscriber_address_hmac_index" ON "subscriber" USING btree ("address_hmac");--> statement-breakpoint
CREATE INDEX "subscription_digest_id_index" ON "subscription" USING btree ("digest_id");--> statement-breakpoint
CREATE INDEX "article_publication_id_published_at_index" ON "article" USING btree ("publication_id","published_at");--> statement-breakpoint
CREATE INDEX "article_topic_topic_id_index" ON "article_topic" USING btree ("topic_id");--> statement-breakpoint
CREATE INDEX "delivery_due" ON "delivery" USING btree ("edition_id","batch","due_at") WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX "delivery_leased" ON "delivery" USING btree ("lease_until") WHERE status = 'claimed';--> statement-breakpoint
CREATE INDEX "delivery_token" ON "delivery" USING btree ("lease_token") WHERE status = 'claimed';--> statement-breakpoint
CREATE INDEX "delivery_subscriber_id_index" ON "delivery" USING btree ("subscriber_id");--> statement-breakpoint
CREATE INDEX "feedback_event_subscriber_id_index" ON "feedback_event" USING btree ("subscriber_id");--> statement-breakpoint
CREATE INDEX "feedback_event_edition_id_type_index" ON "feedback_event" USING btree ("edition_id","type");--> statement-breakpoint
CREATE INDEX "mailbox_message_received_at_index" ON "mailbox_message" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox_mail" USING btree ("due_at") WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX "outbox_leased" ON "outbox_mail" USING btree ("lease_until") WHERE status = 'claimed';--> statement-breakpoint
CREATE INDEX "outbox_mail_subscriber_id_kind_created_at_index" ON "outbox_mail" USING btree ("subscriber_id","kind","created_at");--> statement-breakpoint
CREATE INDEX "edition_publication_id_id_index" ON "edition" USING btree ("publication_id","id");--> statement-breakpoint
CREATE INDEX "edition_status_send_at_index" ON "edition" USING btree ("status","send_at");--> statement-breakpoint
CREATE INDEX "edition_digest_id_index" ON "edition" USING btree ("digest_id");--> statement-breakpoint
CREATE INDEX "edition_article_article_id_index" ON "edition_article" USING btree ("article_id");--> statement-breakpoint
CREATE INDEX "audit_entry_publication_id_at_index" ON "audit_entry" USING btree ("publication_id","at");--> statement-breakpoint
CREATE INDEX "idempotency_key_created_at_index" ON "idempotency_key" USING btree ("created_at");