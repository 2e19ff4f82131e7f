import { setTimeout as wait } from 'node:timers/promises';
import { benchArticle } from './articles.js';
import type { Installation } from './installation.js';
import type { Measured } from './results.js';
import { UNSUBSCRIBE, type SampleMail } from './sample-mail.js';
import type { SmtpSink } from './smtp-sink.js';

/** How often the database is asked whether the edition is sent; one row by its key. */
const POLL_MS = 25;

/** What makes a message of so many KB, found by trial: the letter is the lighter template. */
const RECIPES: Record<MessageKb, { template: string; articles: number; paragraphs: number }> = {
  10: { template: 'letter', articles: 1, paragraphs: 4 },
  60: { template: 'digest', articles: 7, paragraphs: 6 },
  100: { template: 'digest', articles: 14, paragraphs: 6 },
};
export type MessageKb = 10 | 60 | 100;

/** Makes the digest for messages of that size. @returns its id */
export async function makeDigest(installation: Installation, messageKb: MessageKb): Promise<string> {
  const { template } = RECIPES[messageKb];
  const body = { name: `Bench ${messageKb}`, template };
  return (await installation.api<{ id: string }>('POST', '/digests', body)).id;
}

export interface BenchEdition {
  id: string;
  sample: SampleMail & {
    /** Octets of the message as Broadsheet sends it. */
    size: number;
  };
}

/** Makes a draft edition whose message has about so many KB. */
export async function makeEdition(
  installation: Installation,
  digestId: string,
  messageKb: MessageKb,
): Promise<BenchEdition> {
  const { articles: count, paragraphs } = RECIPES[messageKb];
  const articleIds: string[] = [];
  for (let i = 0; i < count; i++) {
    const article = await installation.api<{ id: string }>('POST', '/articles', benchArticle(i, paragraphs));
    articleIds.push(article.id);
  }
  const { id } = await installation.api<{ id: string }>('POST', `/digests/${digestId}/editions`, {
    articleIds,
  });
  const preview = (format: string) =>
    installation.api<string>('GET', `/editions/${id}/preview?format=${format}`);
  const [html, text, eml] = [await preview('html'), await preview('text'), await preview('eml')];
  return {
    id,
    sample: {
      subject: 'Bench',
      html: asTemplate(html),
      text: asTemplate(text),
      size: Buffer.byteLength(eml),
    },
  };
}

/** The preview's dead links become the place of the baseline's own. */
const asTemplate = (text: string) => text.replace(/http:\/\/[^\s"<]+\/unsubscribe\/preview/g, UNSUBSCRIBE);

/**
 * Sends an edition to n readers and waits for the last outcome. The rate is from the freeze to the last outcome, by
 * the ledger's own clock; the CPU is that of all processes of the product, the compile included.
 * @throws Error unless the sink took exactly what the ledger says
 */
export async function sendEdition(
  installation: Installation,
  sink: SmtpSink,
  edition: BenchEdition,
  n: number,
): Promise<Measured> {
  const [cpuBefore, takenBefore] = [installation.cpuMs, sink.taken()];
  await installation.api('POST', `/editions/${edition.id}/send`);
  const { startedAt, finishedAt } = await untilSent(installation, edition.id);
  const cpuMsPerOp = (installation.cpuMs - cpuBefore) / n;
  const { counts } = await installation.api<{ counts: { accepted: number } }>(
    'GET',
    `/editions/${edition.id}`,
  );
  const taken = sink.taken() - takenBefore;
  if (counts.accepted !== n || taken !== n)
    throw new Error(`accepted ${counts.accepted}, taken ${taken}, wanted ${n}`);
  return {
    n,
    perSecond: (n * 1000) / (finishedAt.getTime() - startedAt.getTime()),
    cpuMsPerOp,
    peakRssMb: installation.peakRssMb,
  };
}

/** Waits for the end of an edition. @throws Error when it was stopped, or a worker has ended */
export async function untilSent(
  installation: Installation,
  editionId: string,
): Promise<{ startedAt: Date; finishedAt: Date }> {
  for (;;) {
    const edition = await underWay(installation, editionId);
    if (edition.status === 'sent') return edition;
    await wait(POLL_MS);
  }
}

interface EditionTimes {
  status: string;
  startedAt: Date;
  finishedAt: Date;
}

/** How an edition stands that goes out, or has. @throws Error when it was stopped, or a worker has ended */
export async function underWay({ db, workers }: Installation, editionId: string): Promise<EditionTimes> {
  const { rows } = await db.query<EditionTimes>({
    name: 'edition',
    text: 'SELECT status, started_at AS "startedAt", finished_at AS "finishedAt" FROM edition WHERE id = $1',
    values: [editionId],
  });
  const [edition] = rows;
  if (!edition || !['preparing', 'sending', 'sent'].includes(edition.status))
    throw new Error(`the edition is ${edition?.status ?? 'gone'}`);
  for (const worker of workers) if (!worker.pid) throw new Error('a worker is gone');
  return edition;
}
