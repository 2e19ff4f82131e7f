-- The consent ledger, its seals and the terms are append-only: the database itself refuses every change.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER consent_append_only BEFORE UPDATE OR DELETE ON consent FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER consent_no_truncate BEFORE TRUNCATE ON consent FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER consent_seal_append_only BEFORE UPDATE OR DELETE ON consent_seal FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER consent_seal_no_truncate BEFORE TRUNCATE ON consent_seal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER consent_seal_row_append_only BEFORE UPDATE OR DELETE ON consent_seal_row FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER consent_seal_row_no_truncate BEFORE TRUNCATE ON consent_seal_row FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER terms_version_append_only BEFORE UPDATE OR DELETE ON terms_version FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER terms_version_no_truncate BEFORE TRUNCATE ON terms_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Evidence may be erased (a reader's right) but never altered.
CREATE TRIGGER consent_evidence_unchanged BEFORE UPDATE ON consent_evidence FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- A state the code does not know can never be stored.
ALTER TABLE delivery ADD CONSTRAINT delivery_status CHECK (status IN ('queued','claimed','accepted','failed','suppressed','expired','uncertain'));
--> statement-breakpoint
ALTER TABLE outbox_mail ADD CONSTRAINT outbox_mail_status CHECK (status IN ('queued','claimed','accepted','failed','suppressed','expired','uncertain'));
--> statement-breakpoint
ALTER TABLE delivery ADD CONSTRAINT delivery_lease CHECK ((status = 'claimed') = (lease_token IS NOT NULL));
--> statement-breakpoint
ALTER TABLE outbox_mail ADD CONSTRAINT outbox_mail_lease CHECK ((status = 'claimed') = (lease_token IS NOT NULL));
--> statement-breakpoint
ALTER TABLE subscriber ADD CONSTRAINT subscriber_status CHECK (status IN ('pending','active','unsubscribed','bounced','complained'));
--> statement-breakpoint
ALTER TABLE edition ADD CONSTRAINT edition_status CHECK (status IN ('draft','scheduled','preparing','sending','paused','sent','cancelled','failed'));
--> statement-breakpoint
-- The ledger is updated in place all day: keep room on the page, and vacuum by churn rather than by size.
ALTER TABLE delivery SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05);
