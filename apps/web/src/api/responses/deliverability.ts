import { z } from 'zod';
import { CHECK_STATES, CHECKS } from '#feedback/deliverability/check.js';
import { count, instant } from './common.js';

const deliverabilityLine = z
  .object({
    check: z.enum(CHECKS),
    about: z.string().describe('The name, address or transport that it is about.'),
    state: z.enum(CHECK_STATES).describe('`unknown`: it cannot be found out from here, or not now.'),
    found: z.string(),
    publish: z.string().describe('The record as a zone file has it, or the setting.'),
    why: z.string(),
  })
  .meta({ id: 'DeliverabilityLine' });

export const deliverability = z.object({ data: z.array(deliverabilityLine) }).meta({ id: 'Deliverability' });

const reportedSource = z
  .object({
    sourceIp: z.string(),
    messages: count,
    passed: count.describe('DMARC passed: DKIM or SPF did, with a domain that fits From.'),
    failed: count,
    dkimPassed: count,
    spfPassed: count,
    stopped: count.describe('Put into the spam folder, or refused.'),
    reporters: count.describe('Receivers that reported it.'),
    lastAt: instant.describe('The end of the last report that names it.'),
  })
  .meta({ id: 'ReportedSource' });

export const reportedSources = z
  .object({ data: z.array(reportedSource).describe('Most messages first; at most 500.') })
  .meta({ id: 'ReportedSources' });
