ALTER TABLE "mailbox_message" ADD COLUMN "opens_account" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "operator" ADD COLUMN "totp_begun_at" timestamp with time zone;--> statement-breakpoint
UPDATE "mailbox_message" SET "opens_account" = true FROM "outbox_mail"
WHERE "outbox_mail"."kind" IN ('invitation', 'password-reset')
  AND "mailbox_message"."message_id" LIKE '<mail.' || replace("outbox_mail"."id"::text, '-', '') || '@%';--> statement-breakpoint
-- Secrets of authenticator apps, and challenges of passkeys, that were written down: the entry stays, without them.
ALTER TABLE "audit_entry" DISABLE TRIGGER "audit_entry_append_only";--> statement-breakpoint
UPDATE "audit_entry" SET "detail" = NULL
WHERE "action" IN ('POST /api/v1/account/totp', 'POST /api/v1/account/passkeys/options');--> statement-breakpoint
ALTER TABLE "audit_entry" ENABLE TRIGGER "audit_entry_append_only";--> statement-breakpoint
DELETE FROM "idempotency_key" WHERE "body"->>'uri' LIKE 'otpauth:%';
