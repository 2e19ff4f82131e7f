import type { DeliverabilityLine } from '../api/types';

type State = DeliverabilityLine['state'];

/** What is looked at, as people call it. */
export const CHECKS: Record<DeliverabilityLine['check'], string> = {
  spf: 'SPF',
  spf_lookups: 'SPF: look-ups',
  spf_transport: 'SPF: your transport',
  dkim: 'DKIM key',
  dmarc: 'DMARC',
  dmarc_policy: 'DMARC: policy',
  dmarc_tags: 'DMARC: tags',
  dmarc_reports: 'DMARC: reports',
  alignment_dkim: 'Alignment of DKIM',
  alignment_spf: 'Alignment of SPF',
  return_path: 'Return path',
  mx: 'MX',
  tls_transport: 'TLS to your transport',
  mta_sts: 'MTA-STS',
  tls_rpt: 'TLS reports',
  ptr: 'PTR',
  list_unsubscribe: 'Unsubscribe link',
  block_list: 'Block list',
};

/** The worst first. */
export const STATES: Record<State, { title: string; colour: string }> = {
  fail: { title: 'To be mended', colour: 'accent' },
  warn: { title: 'Could be better', colour: 'orange' },
  unknown: { title: 'Could not be found out', colour: 'gray' },
  ok: { title: 'In order', colour: 'green' },
};
