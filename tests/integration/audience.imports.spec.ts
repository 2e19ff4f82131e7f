import { Readable } from 'node:stream';
import { eq } from 'drizzle-orm';
import { exportInput } from '#audience/transfer/exports/export.schemas.js';
import { ExportRunner } from '#audience/transfer/exports/export-runner.js';
import { ExportsService } from '#audience/transfer/exports/exports.service.js';
import { ImportRunner } from '#audience/transfer/imports/import-runner.js';
import { ImportsService } from '#audience/transfer/imports/imports.service.js';
import { TransferTick } from '#audience/transfer/transfer.tick.js';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { SuppressionService } from '#audience/suppression/suppression.service.js';
import { TopicService } from '#audience/operator/topic.service.js';
import {
  consent,
  readerImport,
  storedFile,
  storedPiece,
  subscriber,
  suppression,
} from '#database/schema/index.js';
import { onEachDatabase } from '../support/databases.js';
import { addDigest, openAudience, type Audience } from './audience.harness.js';

const CONSENT = {
  source: 'The sign-up form of the old site',
  where: 'old.example',
  terms: 'accepted',
} as const;
const STATEMENT = { source: 'They asked at the counter', terms: 'accepted' } as const;
const going = () => new AbortController().signal;

onEachDatabase('Imports', (open) => {
  const fill = async () => {
    const audience = await openAudience(await open());
    await addDigest(audience, 'daily');
    await audience.get(TopicService).create({ name: 'Harbour' });
    return audience;
  };
  const upload = (audience: Audience, text: string | Buffer, name = 'readers.csv') =>
    audience.get(ImportsService).upload(Readable.from([Buffer.from(text)]), name);
  const run = (audience: Audience, id: string) => audience.get(ImportRunner).run(id, going());
  /** Uploads a file and takes it in. */
  const take = async (audience: Audience, text: string | Buffer, settings = {}, name?: string) => {
    const { id } = await upload(audience, text, name);
    await audience.get(ImportsService).patch(id, { settings });
    await audience.get(ImportsService).start(id, { consent: CONSENT }, 'Ann');
    await run(audience, id);
    return audience.get(ImportsService).get(id);
  };
  const readers = async (audience: Audience) =>
    new Map((await audience.database.db.select().from(subscriber)).map((row) => [row.email, row]));
  const textOf = async (pieces: AsyncIterable<Buffer>) => {
    let text = '';
    for await (const piece of pieces) text += piece.toString();
    return text;
  };

  it('recognises a file, checks it without writing, takes it in, and keeps nothing of it', async () => {
    const audience = await fill();
    const imports = audience.get(ImportsService);
    const file = [
      'Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,LEID,EUID,NOTES,TAGS,Town',
      'ann@example.org,Ann,Quay,3,2020-03-04 10:20:30,1,a,,"""VIP"",""Harbour""",Hull',
      'bad,Bo,,3,,2,b,,,',
      'cid@example.org,Cid,,3,,3,c,"two\nlines",,',
    ].join('\r\n');
    const made = await upload(audience, file, 'subscribed_members_export_1.csv');
    expect(made).toMatchObject({
      status: 'ready',
      format: 'mailchimp',
      dialect: { encoding: 'utf-8', delimiter: ',', headLines: 1 },
      settings: { gone: 'suppress', unconfirmed: 'skip', everybody: null },
    });
    expect(made.mapping.map(({ field }) => field)).toEqual([
      ...['email', 'first_name', 'last_name', 'ignore', 'consented_at', 'ignore', 'ignore', 'ignore', 'tags'],
      'attribute',
    ]);
    expect(made.samples[0]).toContain('Quay');

    await imports.check(made.id);
    await run(audience, made.id);
    const checked = await imports.get(made.id);
    expect(checked).toMatchObject({
      status: 'checked',
      lines: 0,
      check: {
        counts: { made: 2, updated: 0, skipped: 0, failed: 1, reasons: { invalid: 1 } },
        firstErrors: [{ line: 3, field: 'email', code: 'invalid' }],
      },
    });
    expect(await readers(audience)).toEqual(new Map());

    await imports.start(made.id, { consent: CONSENT }, 'Ann');
    await run(audience, made.id);
    expect(await imports.get(made.id)).toMatchObject({
      status: 'done',
      lines: 3,
      done: 1,
      samples: [],
      startedBy: 'Ann',
      errorLines: 1,
      counts: { made: 2, failed: 1 },
    });
    const rows = await readers(audience);
    expect(rows.get('ann@example.org')).toMatchObject({
      name: 'Ann Quay',
      status: 'active',
      attributes: { Town: 'Hull', tags: ['VIP', 'Harbour'] },
      confirmedAt: new Date('2020-03-04T10:20:30Z'),
    });
    const { db } = audience.database;
    expect(await db.select().from(consent)).toEqual([
      expect.objectContaining({
        sentence: 'The sign-up form of the old site (old.example)',
        method: 'import',
      }),
      expect.anything(),
    ]);
    const left = await textOf(await imports.errorFile(made.id));
    expect(left).toBe(
      'Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,LEID,EUID,NOTES,TAGS,Town,import_line,import_problem\r\n' +
        'bad,Bo,,3,,2,b,,,,3,invalid: email: Enter an e-mail address like name@example.org.\r\n',
    );
    // What was left out comes back mended.
    expect(await take(audience, left.replace('bad,', 'bo@example.org,'))).toMatchObject({
      format: 'mailchimp',
      counts: { made: 1, failed: 0 },
    });
    expect(await db.select({ id: storedFile.id }).from(storedFile)).toHaveLength(1);
  });

  it('subscribes nobody who left, here or there', async () => {
    const audience = await fill();
    const service = audience.get(SubscriberService);
    const add = (email: string) => service.create({ email, status: 'active', consent: STATEMENT });
    const left = await add('left@example.org');
    await service.patch(left.id, { status: 'unsubscribed' });
    await add('active@example.org');
    await audience.get(SuppressionService).add('never@example.org', 'complaint');
    const file = [
      'uuid,email,name,attributes,status,created_at,updated_at',
      'u,left@example.org,,{},enabled,2021-01-01 00:00:00 +0000 UTC,',
      'u,never@example.org,,{},enabled,,',
      'u,active@example.org,,{},blocklisted,,',
      'u,gone@example.org,Gone,"{""a"":1}",disabled,,',
      'u,block@example.org,,{},blocklisted,,',
      'u,new@example.org,New,"{""a"":1}",enabled,,',
      'u,odd@example.org,New,{},perhaps,,',
    ].join('\n');
    for (const [gone, counts] of [
      ['skip', { made: 1, suppressed: 0, skipped: 5, failed: 1 }],
      ['suppress', { made: 0, updated: 1, suppressed: 2, skipped: 3, failed: 1 }],
      ['keep', { made: 0, updated: 1, suppressed: 0, skipped: 5, failed: 1 }],
    ] as const) {
      const done = await take(audience, file, { gone });
      expect(done).toMatchObject({ format: 'listmonk', counts });
    }
    const rows = await readers(audience);
    expect([...rows.values()].map(({ email, status }) => `${email} ${status}`).sort()).toEqual([
      'active@example.org active',
      'left@example.org unsubscribed',
      'new@example.org active',
    ]);
    expect(rows.get('new@example.org')?.attributes).toEqual({ a: 1 });
    expect(await audience.database.db.select().from(suppression)).toHaveLength(3);
  });

  it('does not mail who left by another line, however far away; nor guesses at an answer', async () => {
    const audience = await fill();
    const many = Array.from({ length: 1_200 }, (_, n) => `u,r${n}@example.org,,{},enabled,,`);
    const head = 'uuid,email,name,attributes,status,created_at,updated_at';
    const file = [head, ...many, 'u,r3@example.org,,{},blocklisted,,'].join('\n');
    expect(await take(audience, file)).toMatchObject({ counts: { made: 1_200, suppressed: 1 } });
    expect((await readers(audience)).get('r3@example.org')?.status).toBe('unsubscribed');
    const odd = 'email,unsubscribed\nfirst@example.org,no\nsecond@example.org,perhaps\nthird@example.org,yes';
    expect(await take(audience, odd)).toMatchObject({ counts: { made: 1, failed: 1, suppressed: 1 } });
  });

  it('leaves the choices of who is here as they are, whatever is chosen for all in the file', async () => {
    const audience = await fill();
    await addDigest(audience, 'weekly', false);
    const service = audience.get(SubscriberService);
    const email = 'here@example.org';
    const { id } = await service.create({ email, digests: ['weekly'], status: 'active', consent: STATEMENT });
    await take(audience, `email,name\n${email},Ben\nnew@example.org,New`, { digests: ['daily'] });
    const found = await service.get(id);
    expect([found.name, found.digests.map(({ slug }) => slug)]).toEqual(['Ben', ['weekly']]);
  });

  it('takes in what an export wrote, as it was', async () => {
    const from = await fill();
    const service = from.get(SubscriberService);
    for (let n = 0; n < 3; n++) {
      const name = n === 0 ? '=SUM(A1)' : `Reader ${n}`;
      await service.create({ email: `r${n}@example.org`, name, status: 'active', consent: STATEMENT });
    }
    const last = (await readers(from)).get('r2@example.org');
    await service.patch(last!.id, { status: 'unsubscribed' });
    const write = async (audience: Audience, input: object = {}) => {
      const exports = audience.get(ExportsService);
      const { id } = await exports.start(exportInput.parse(input), 'Ann');
      await audience.get(ExportRunner).run(id, going());
      expect(await exports.get(id)).toMatchObject({ status: 'done' });
      return textOf((await exports.file(id)).pieces);
    };
    const text = await write(from);
    expect(text).toContain("'=SUM(A1)");
    const to = await fill();
    expect(await take(to, text)).toMatchObject({
      format: 'broadsheet',
      counts: { made: 3, failed: 0, skipped: 0 },
    });
    const bare = (csv: string) =>
      csv
        .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '')
        .split('\r\n')
        .sort();
    expect(bare(await write(to))).toEqual(bare(text));
    expect(await write(from, { filter: { status: 'unsubscribed' }, columns: ['status', 'email'] })).toBe(
      'status,email\r\nunsubscribed,r2@example.org\r\n',
    );
  });

  it('goes on where another process died, with no line twice and none lost', async () => {
    const audience = await fill();
    const imports = audience.get(ImportsService);
    const { db } = audience.database;
    const lines = Array.from({ length: 1700 }, (_, n) => (n % 100 === 7 ? `bad ${n}` : `r${n}@example.org`));
    const { id } = await upload(audience, ['email', ...lines].join('\n'));
    await imports.start(id, { consent: CONSENT }, 'Ann');
    const stop = new AbortController();
    stop.abort();
    const seen: number[] = [];
    for (let n = 0; n < 10 && (await imports.get(id)).status === 'running'; n++) {
      await audience.get(ImportRunner).run(id, stop.signal);
      seen.push((await imports.get(id)).lines);
    }
    expect(seen).toEqual([500, 1000, 1500, 1700, 1700]);
    const done = await imports.get(id);
    expect(done).toMatchObject({
      status: 'done',
      lines: 1700,
      counts: { made: 1683, failed: 17 },
      errorLines: 17,
    });
    expect(await readers(audience)).toHaveProperty('size', 1683);
    expect((await textOf(await imports.errorFile(id))).trim().split('\r\n')).toHaveLength(18);
    expect(await db.select().from(consent)).toHaveLength(1683);
  });

  it('is worked on by one process, and by none once it is cancelled', async () => {
    const audience = await fill();
    const imports = audience.get(ImportsService);
    const { db } = audience.database;
    const { id } = await upload(
      audience,
      ['email', ...Array.from({ length: 900 }, (_, n) => `r${n}@example.org`)].join('\n'),
    );
    await imports.start(id, { consent: CONSENT }, 'Ann');
    await expect(imports.start(id, { consent: CONSENT }, 'Bob')).rejects.toMatchObject({
      code: 'wrong_state',
    });
    const later = new Date(Date.now() + 60_000);
    await db.update(readerImport).set({ leaseUntil: later }).where(eq(readerImport.id, id));
    await run(audience, id);
    expect(await readers(audience)).toHaveProperty('size', 0);
    audience.queue.jobs.length = 0;
    await audience.get(TransferTick).run();
    expect(audience.queue.jobs).toEqual([]);
    await db
      .update(readerImport)
      .set({ leaseUntil: new Date(0) })
      .where(eq(readerImport.id, id));
    await audience.get(TransferTick).run();
    expect(audience.queue.jobs).toEqual([{ name: 'import.run', payload: { importId: id } }]);
    await imports.cancel(id);
    await run(audience, id);
    expect(await readers(audience)).toHaveProperty('size', 0);
    expect(await imports.get(id)).toMatchObject({ status: 'cancelled', samples: [] });
    expect(await db.select().from(storedPiece)).toEqual([]);
    await expect(imports.cancel(id)).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('forgets a file that nobody takes in', async () => {
    const audience = await fill();
    const { id } = await upload(audience, 'email\nann@example.org\n');
    audience.clock.advance(86_400_001);
    await audience.get(TransferTick).run();
    expect(await audience.get(ImportsService).get(id)).toMatchObject({ status: 'cancelled', samples: [] });
    expect(await audience.database.db.select().from(storedFile)).toEqual([]);
  });

  it.each([
    ['', 'empty'],
    ['\n\n', 'empty'],
    ['PK\u0003\u0004rest', 'malformed'],
    ['email\n\0\0\0,', 'malformed'],
  ])('refuses %j, and keeps nothing', async (text, code) => {
    const audience = await fill();
    await expect(upload(audience, text)).rejects.toMatchObject({ errors: [{ field: 'file', code }] });
    expect(await audience.database.db.select().from(storedFile)).toEqual([]);
  });

  it('refuses a mapping that is none', async () => {
    const audience = await fill();
    const imports = audience.get(ImportsService);
    const { id } = await upload(audience, 'Adress,Name\nann@example.org,Ann\n');
    await expect(imports.start(id, { consent: CONSENT }, 'Ann')).rejects.toMatchObject({
      errors: [{ field: 'mapping', code: 'required' }],
    });
    const patch = (...fields: string[]) =>
      imports.patch(id, { mapping: fields.map((field) => ({ field })) } as never);
    await expect(patch('email')).rejects.toMatchObject({ errors: [{ code: 'length' }] });
    await expect(patch('email', 'email')).rejects.toMatchObject({
      errors: [{ field: 'mapping.1', code: 'doubled' }],
    });
    await expect(patch('email', 'attribute')).rejects.toMatchObject({ errors: [{ code: 'required' }] });
    await patch('email', 'name');
    await imports.start(id, { consent: CONSENT }, 'Ann');
    await run(audience, id);
    expect((await readers(audience)).get('ann@example.org')).toMatchObject({ name: 'Ann' });
  });
});
