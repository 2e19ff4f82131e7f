CREATE TABLE "reader_export" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"status" text NOT NULL,
	"filter" jsonb NOT NULL,
	"columns" text[] NOT NULL,
	"file_id" uuid,
	"after_id" uuid,
	"pieces" integer DEFAULT 0 NOT NULL,
	"lines" integer DEFAULT 0 NOT NULL,
	"problem" text,
	"started_by" text,
	"lease_until" timestamp with time zone,
	"lease_token" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "reader_import" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"status" text NOT NULL,
	"file_name" text NOT NULL,
	"file_size" bigint NOT NULL,
	"file_id" uuid,
	"dialect" jsonb NOT NULL,
	"format" text NOT NULL,
	"columns" text[] NOT NULL,
	"samples" jsonb,
	"mapping" jsonb NOT NULL,
	"settings" jsonb NOT NULL,
	"consent" jsonb,
	"check" jsonb,
	"lines" integer DEFAULT 0 NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"counts" jsonb NOT NULL,
	"first_errors" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"error_file_id" uuid,
	"error_lines" integer DEFAULT 0 NOT NULL,
	"error_pieces" integer DEFAULT 0 NOT NULL,
	"problem" text,
	"started_by" text,
	"lease_until" timestamp with time zone,
	"lease_token" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "stored_file" (
	"id" uuid PRIMARY KEY NOT NULL,
	"publication_id" uuid NOT NULL,
	"size" bigint DEFAULT 0 NOT NULL,
	"is_whole" boolean DEFAULT false NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stored_piece" (
	"file_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "stored_piece_file_id_number_pk" PRIMARY KEY("file_id","number")
);
--> statement-breakpoint
ALTER TABLE "reader_export" ADD CONSTRAINT "reader_export_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reader_export" ADD CONSTRAINT "reader_export_file_id_stored_file_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."stored_file"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reader_import" ADD CONSTRAINT "reader_import_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reader_import" ADD CONSTRAINT "reader_import_file_id_stored_file_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."stored_file"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reader_import" ADD CONSTRAINT "reader_import_error_file_id_stored_file_id_fk" FOREIGN KEY ("error_file_id") REFERENCES "public"."stored_file"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stored_file" ADD CONSTRAINT "stored_file_publication_id_publication_id_fk" FOREIGN KEY ("publication_id") REFERENCES "public"."publication"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stored_piece" ADD CONSTRAINT "stored_piece_file_id_stored_file_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."stored_file"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reader_export_publication_id_id_index" ON "reader_export" USING btree ("publication_id","id");--> statement-breakpoint
CREATE INDEX "reader_export_status_lease_until_index" ON "reader_export" USING btree ("status","lease_until");--> statement-breakpoint
CREATE INDEX "reader_import_publication_id_id_index" ON "reader_import" USING btree ("publication_id","id");--> statement-breakpoint
CREATE INDEX "reader_import_status_lease_until_index" ON "reader_import" USING btree ("status","lease_until");--> statement-breakpoint
CREATE INDEX "stored_file_expires_at_index" ON "stored_file" USING btree ("expires_at");