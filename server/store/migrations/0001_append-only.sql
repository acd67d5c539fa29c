-- What is only ever added to: no door alters or removes such a row, whatever code asks for it.
-- (A superuser can switch a trigger off; for the record the chain of hashes then shows it.)

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only ever added: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON record FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON verdicts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON comments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON waivers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON publications FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- The log of updates is compacted (rows deleted once they are merged) but never rewritten.
CREATE TRIGGER never_rewritten BEFORE UPDATE OR TRUNCATE ON story_updates FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- An approval is given once and ended once; what it was given for stays.
CREATE FUNCTION only_end_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.ended_at IS NOT NULL
    OR NEW.ended_at IS NULL
    OR (NEW.id, NEW.story_id, NEW.content_hash, NEW.version, NEW.by_id, NEW.at)
      IS DISTINCT FROM (OLD.id, OLD.story_id, OLD.content_hash, OLD.version, OLD.by_id, OLD.at)
  THEN
    RAISE EXCEPTION 'an approval can only be ended, once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER only_ended BEFORE UPDATE ON approvals FOR EACH ROW EXECUTE FUNCTION only_end_approval();
--> statement-breakpoint
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON approvals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE UNIQUE INDEX approvals_one_standing ON approvals (story_id) WHERE ended_at IS NULL;
--> statement-breakpoint
ALTER TABLE newsroom ADD CONSTRAINT newsroom_one_row CHECK (id = 1);
