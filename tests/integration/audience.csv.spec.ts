import { Readable } from 'node:stream';
import { eq } from 'drizzle-orm';
import { ExportService } from '#audience/operator/export.service.js';
import { ImportService } from '#audience/operator/import.service.js';
import { SignUpService } from '#audience/reader/sign-up.service.js';
import { FindReaders } from '#audience/finding/find-readers.service.js';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { SuppressionService } from '#audience/suppression/suppression.service.js';
import { TopicService } from '#audience/operator/topic.service.js';
import { consent, outboxMail, subscriber, suppression } from '#database/schema/index.js';
import { onEachDatabase } from '../support/databases.js';
import { addDigest, context, openAudience, type Audience } from './audience.harness.js';

const STATEMENT = { source: 'Members’ list of the rowing club', terms: 'accepted' };

onEachDatabase('CSV', (open) => {
  const fill = async () => {
    const audience = await openAudience(await open());
    await addDigest(audience, 'daily');
    await addDigest(audience, 'weekly', false);
    await audience.get(TopicService).create({ name: 'Harbour' });
    await audience.get(TopicService).create({ name: 'Council' });
    return audience;
  };
  const bring = (audience: Audience, text: string | Buffer | string[], statement: unknown = STATEMENT) =>
    audience.get(ImportService).importCsv(Readable.from(typeof text === 'string' ? [text] : text), statement);
  const take = async (audience: Audience) => {
    let text = '';
    for await (const piece of audience.get(ExportService).exportCsv()) text += piece;
    return text;
  };
  const withoutTimes = (text: string) =>
    text
      .trim()
      .split('\r\n')
      .map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, ''))
      .sort();

  it('comes back in as it went out', async () => {
    const from = await fill();
    const add = (more: object) =>
      from.get(SubscriberService).create({ status: 'active', consent: STATEMENT, ...more });
    await add({ email: 'plain@example.org' });
    await add({
      email: '+tag@example.org',
      name: '=HYPERLINK("http://evil.example")',
      locale: 'de',
      timeZone: 'Europe/Berlin',
    });
    await add({
      email: 'chooser@example.org',
      name: 'Zoë, \'Z\' "quoted"',
      digests: ['weekly', 'daily'],
      topics: ['harbour'],
    });
    await add({
      email: 'uniform@example.org',
      subscriptions: [
        { digest: 'weekly', cadence: 'weekly', weekday: 7, hour: 0, alerts: true, pausedUntil: '2026-04-01' },
      ],
    });
    await add({
      email: 'both@example.org',
      subscriptions: [
        { digest: 'daily', topics: ['harbour', 'council'], hour: 6, pausedUntil: '2026-04-02' },
        { digest: 'weekly', cadence: 'breaking', topics: null },
      ],
    });
    await add({ email: "'@example.org", name: "'=x", attributes: { club: 'rowing', since: 1999 } });
    const gone = await add({ email: 'gone@example.org' });
    await from.get(SubscriberService).patch(gone.id, { status: 'unsubscribed' });
    const none = await add({ email: 'none@example.org' });
    await from.database.db
      .update(subscriber)
      .set({ followsDefaults: false })
      .where(eq(subscriber.id, none.id));
    await from.database.db.execute(`DELETE FROM subscription WHERE subscriber_id = '${none.id}'`);
    const text = await take(from);
    expect(text).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    for (const cell of text.split(/[,\r\n]+/)) expect(cell).not.toMatch(/^"?[=+\-@\t]/);

    const to = await fill();
    expect(await bring(to, text)).toMatchObject({
      imported: 8,
      updated: 0,
      skipped: 0,
      errors: [],
      complete: true,
    });
    expect(withoutTimes(await take(to))).toEqual(withoutTimes(text));
    expect(await bring(to, text)).toMatchObject({
      imported: 0,
      updated: 7,
      skipped: 1,
      reasons: { unsubscribed: 1 },
    });
    expect(withoutTimes(await take(to))).toEqual(withoutTimes(text));
  });

  it('is read as exports were before there was more to choose', async () => {
    const audience = await fill();
    const old =
      'email,name,locale,time_zone,topics,digests,status,attributes,created_at,confirmed_at,unsubscribed_at\r\n' +
      'old@example.org,,en,,harbour,weekly,active,,2026-01-01T00:00:00.000Z,2026-01-01T00:00:00.000Z,\r\n';
    expect(await bring(audience, old)).toMatchObject({ imported: 1, errors: [] });
    const [made] = (await audience.get(FindReaders).list()).data;
    expect(made?.digests).toMatchObject([{ slug: 'weekly', cadence: 'every', hour: null, alerts: false }]);
  });

  it('changes of a choice what a line says, and keeps the rest', async () => {
    const audience = await fill();
    const service = audience.get(SubscriberService);
    const { id } = await service.create({
      email: 'ann@example.org',
      status: 'active',
      consent: STATEMENT,
      subscriptions: [{ digest: 'weekly', topics: ['harbour'], cadence: 'weekly', weekday: 2, hour: 8 }],
    });
    await bring(audience, 'email,alerts,paused_until\nann@example.org,yes,2026-05-01\n');
    expect((await service.get(id)).digests).toMatchObject([
      { slug: 'weekly', cadence: 'weekly', weekday: 2, hour: 8, alerts: true, pausedUntil: '2026-05-01' },
    ]);
    await bring(audience, 'email,cadence\nann@example.org,daily\n');
    expect((await service.get(id)).digests).toMatchObject([{ cadence: 'daily', weekday: null, hour: 8 }]);
  });

  it('keeps what is chosen while there is no digest', async () => {
    const [from, to] = [await openAudience(await open()), await openAudience(await open())];
    for (const audience of [from, to]) await audience.get(TopicService).create({ name: 'Harbour' });
    await bring(from, 'email,topics,cadence,hour\nann@example.org,harbour,daily,7\nplain@example.org,,,\n');
    const text = await take(from);
    await bring(to, text);
    expect(withoutTimes(await take(to))).toEqual(withoutTimes(text));
    const rows = await to.database.db.select().from(subscriber).orderBy(subscriber.email);
    expect(rows.map((row) => row.firstWish)).toEqual([
      { topics: [expect.any(String)], cadence: 'daily', weekday: null, hour: 7, alerts: false },
      null,
    ]);
    await bring(to, 'email,hour\nann@example.org,9\n');
    const [ann] = await to.database.db.select().from(subscriber).orderBy(subscriber.email);
    expect(ann?.firstWish).toMatchObject({ cadence: 'daily', hour: 9 });
  });

  it('updates who is there, and brings back nobody who left or is suppressed', async () => {
    const audience = await fill();
    const { db } = audience.database;
    const service = audience.get(SubscriberService);
    const active = await service.create({
      email: 'active@example.org',
      name: 'Old',
      status: 'active',
      consent: STATEMENT,
    });
    const left = await service.create({ email: 'left@example.org', status: 'active', consent: STATEMENT });
    await service.patch(left.id, { status: 'unsubscribed' });
    await audience.get(SuppressionService).add('never@example.org', 'complaint');
    await audience.get(SignUpService).signUp({ email: 'waiting@example.org', terms: 'on' }, context());
    const report = await bring(audience, [
      'email,name,topics,status\n',
      'ACTIVE@example.org,New,harbour;council,\n',
      'left@example.org,,,active\n',
      'never@example.org,,,\n',
      'waiting@example.org,,,active\n',
      'fresh@example.org,,,pending\n',
      'fresh@example.org,Second,,pending\n',
      'bounced@example.org,,,bounced\n',
    ]);
    expect(report).toEqual({
      imported: 2,
      updated: 3,
      skipped: 2,
      reasons: { suppressed: 1, unsubscribed: 1 },
      errors: [],
      complete: true,
    });
    expect(await service.get(active.id)).toMatchObject({ name: 'New', email: 'active@example.org' });
    expect((await service.get(active.id)).digests[0]?.topics).toHaveLength(2);
    expect((await service.get(left.id)).status).toBe('unsubscribed');
    const rows = new Map((await db.select().from(subscriber)).map((row) => [row.email, row]));
    expect(rows.has('never@example.org')).toBe(false);
    expect(rows.get('waiting@example.org')).toMatchObject({ status: 'active' });
    expect(rows.get('fresh@example.org')).toMatchObject({ status: 'pending', name: 'Second' });
    expect(rows.get('bounced@example.org')).toMatchObject({ status: 'bounced' });
    const reasons = await db.select().from(suppression);
    expect(reasons.map((row) => row.reason).sort()).toEqual(['complaint', 'import']);
    const consents = await db.select().from(consent).where(eq(consent.method, 'import'));
    expect(consents.map((row) => row.sentence)).toEqual([STATEMENT.source, STATEMENT.source]);
    const mails = await db
      .select()
      .from(outboxMail)
      .where(eq(outboxMail.subscriberId, rows.get('fresh@example.org')!.id));
    expect(mails).toMatchObject([{ kind: 'confirmation', status: 'queued' }]);
  });

  it('names the line and field of what is wrong, and takes the rest', async () => {
    const audience = await fill();
    const report = await bring(
      audience,
      Buffer.concat([
        Buffer.from('\ufeffEmail,Name,Time Zone,digests\r\n'),
        Buffer.from('one@example.org,"Two\nlines",,\r\n'),
        Buffer.from('nobody,,,\r\n'),
        Buffer.from('two@example.org,,Mars,hourly\r\n'),
        Buffer.from('three@example.org\r\n'),
        Buffer.from('four@example.org,J\xfcrgen,,\r\n', 'latin1'),
        Buffer.from('\r\n'),
        Buffer.from('six@example.org,Ünal,,weekly\r\n'),
      ]),
    );
    expect(report).toMatchObject({ imported: 1, skipped: 5, reasons: { invalid: 5 }, complete: true });
    expect(report.errors.map(({ line, field, code }) => `${line} ${field} ${code}`)).toEqual([
      '3 name control_characters',
      '4 email invalid',
      '5 time_zone invalid_time_zone',
      '6 line cell_count',
      '7 name encoding',
    ]);
  });

  it('reads a big file in batches, the line number kept, and a hundred errors at most', async () => {
    const audience = await fill();
    const lines = (function* () {
      yield 'email,name\n';
      for (let n = 0; n < 1200; n++) yield n % 4 === 0 ? `bad ${n},x\n` : `r${n}@example.org,R ${n}\n`;
    })();
    const report = await audience.get(ImportService).importCsv(Readable.from(lines), STATEMENT);
    expect(report).toMatchObject({ imported: 900, updated: 0, skipped: 300 });
    expect(report.errors).toHaveLength(100);
    expect(report.errors.at(-1)).toMatchObject({ line: 398, field: 'email' });
    const exported = (await take(audience)).trim().split('\r\n');
    expect(exported).toHaveLength(901);
    expect(new Set(exported).size).toBe(901);
  });

  it.each([
    ['a quote in the wrong place', '"a"b\nlater@example.org,B\n', 42],
    ['a quote that is never closed', `"open\n${'x'.repeat(70_000)}`, 43],
  ])('keeps what came before %s, takes nothing after it, and says so', async (_, rest, line) => {
    const audience = await fill();
    const before = Array.from({ length: 40 }, (_item, n) => `r${n}@example.org,R\n`).join('');
    const report = await bring(audience, `email,name\n${before}x@example.org,${rest}`);
    expect(report).toMatchObject({ imported: 40, skipped: 1, complete: false });
    expect(report.errors).toMatchObject([{ line, field: 'line', code: 'malformed' }]);
  });

  describe('refuses, before anything is written,', () => {
    let audience: Audience;
    beforeAll(async () => {
      audience = await openAudience(await open());
    });
    afterEach(async () => {
      expect(await audience.database.db.select().from(subscriber)).toEqual([]);
    });

    it.each([
      ['', 'empty'],
      ['name\nAnn\n', 'missing_column'],
      ['email;name\na@example.org;Ann\n', 'missing_column'],
      ['email,shoes\na@example.org,39\n', 'unknown_column'],
    ])('%j', async (text, code) => {
      await expect(bring(audience, text)).rejects.toMatchObject({ errors: [{ field: 'file', code }] });
    });

    it('a file without the operator’s statement of consent', async () => {
      await expect(bring(audience, 'email\na@example.org\n', { source: 'x' })).rejects.toMatchObject({
        errors: [{ field: 'terms' }],
      });
    });
  });
});
