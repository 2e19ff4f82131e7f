-- The one way in which evidence of consent goes: of a reader who is gone, by a role that may not delete it itself.
CREATE FUNCTION erase_consent_evidence(erased uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM public.subscriber WHERE id = erased) THEN
    RAISE EXCEPTION 'the subscriber is still there: evidence is erased after them' USING ERRCODE = 'restrict_violation';
  END IF;
  DELETE FROM public.consent_evidence WHERE subscriber_id = erased;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION erase_consent_evidence(uuid) FROM PUBLIC;
