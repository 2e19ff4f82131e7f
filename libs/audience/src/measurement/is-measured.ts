import { sql } from 'drizzle-orm';

/**
 * Whether a subscriber `s` of the statement is measured: they agreed to it, have not withdrawn that and are readers still, and the publication does it. The
 * publication is looked at for those alone who agreed.
 */
export const isMeasured = sql`(s.measured_since IS NOT NULL AND s.status = 'active' AND EXISTS (
  SELECT 1 FROM publication measuring WHERE measuring.id = s.publication_id AND measuring.measure = 'consented'))`;
