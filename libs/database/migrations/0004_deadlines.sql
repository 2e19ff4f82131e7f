ALTER TABLE "edition" ADD COLUMN "predicted_finish_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "forecast" jsonb;--> statement-breakpoint
ALTER TABLE "edition" ADD COLUMN "late_since" timestamp with time zone;