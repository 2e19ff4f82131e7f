import { sql } from 'drizzle-orm';
import { PublicationService } from '#audience/publication/publication.service.js';
import { ArticleService } from '#content/articles/article.service.js';
import type { Database } from '#database/database.js';
import { topic } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import { eventually } from '../support/wait-for.js';
import { gate, HOUR, messageIdOf, names, PostOffice, type OfficeOptions } from './delivery.harness.js';

/** Words that tell the stories apart in any part of a mail. */
const WORDS = ['Albatross', 'Barnacle', 'Cormorant'] as const;

onEachDatabase('delivery: articles taken back', (open) => {
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    database = await open();
  });
  afterEach(() => office.close());

  const start = async (options: OfficeOptions = {}) => {
    office = await PostOffice.open(database, { connections: 1, ...options });
  };
  const publicationId = async () => (await office.get(PublicationService).current()).id;
  const article = async (word: string, more: object = {}) => {
    const input = { title: `The ${word}`, body: `It is about the ${word}.`, format: 'text', ...more };
    return (await office.get(ArticleService).create(await publicationId(), input)).id;
  };
  const patch = async (id: string, change: object) =>
    office.get(ArticleService).patch(await publicationId(), id, change);
  const retract = async (id: string) => office.get(ArticleService).retract(await publicationId(), id);

  /** A frozen edition of these stories to readers, all of whom are in its batch 0. */
  const frozen = async (readers: readonly string[], ids: string[]) => {
    const audience = await office.audience(readers);
    return { ...audience, editionId: await freeze(audience.digestId, ids) };
  };
  const freeze = async (digestId: string, ids: string[]) => {
    const { id } = await office.editions.createDraft(digestId, { articleIds: ids });
    await office.editions.requestSend(id);
    await office.prepare(id);
    return id;
  };

  /** Which of the stories are in a message. */
  const wordsIn = (raw: Buffer) => {
    const text = raw.toString('latin1').replace(/=\r\n/g, '');
    return WORDS.filter((word) => text.includes(word));
  };
  /** Name → the stories in the message that the server took for that reader. */
  const received = () =>
    Object.fromEntries(
      office.peer.accepted.map(({ to, raw }) => [to[0]?.split('@')[0] ?? '', wordsIn(raw)] as const),
    );
  /** Name → the stories the reader got or is to get, as the ledger says. */
  const noted = async (editionId: string, status = 'accepted') => {
    const rows = await office.rows<{ email: string; titles: string[] }>(sql`
      SELECT s.email, (SELECT coalesce(jsonb_agg(a.title ORDER BY i.at), '[]') FROM unnest(w.article_ids) WITH ORDINALITY i(id, at)
        JOIN article a ON a.id = i.id WHERE get_bit(v.mask, i.at::int - 1) = 1) AS titles
      FROM delivery d JOIN subscriber s ON s.id = d.subscriber_id JOIN variant v ON v.id = d.variant_id
      JOIN edition_wave w ON w.edition_id = d.edition_id AND w.wave = d.wave
      WHERE d.edition_id = ${editionId} AND d.status = ${status}`);
    return Object.fromEntries(
      rows.map(({ email, titles }) => [
        email.split('@')[0] ?? '',
        titles.map((title) => title.replace('The ', '')),
      ]),
    );
  };
  const variantsOf = async (editionId: string) =>
    (await office.rows(sql`SELECT 1 FROM variant WHERE edition_id = ${editionId}`)).length;

  /** Sends until the first message is on the wire, does something, and lets the rest go. */
  const midSend = async (editionId: string, happen: () => Promise<unknown>) => {
    const held = gate();
    office.peer.script = ({ command, count }) => (command === 'DOT' && count === 1 ? held.opened : undefined);
    const delivering = office.deliver(editionId);
    await office.peer.reached('DOT');
    await happen();
    await office.nextLook();
    held.open();
    await delivering;
  };

  it('leave the messages not yet begun, and the ledger says what each reader got', async () => {
    await start();
    const ids = [await article('Albatross'), await article('Barnacle'), await article('Cormorant')];
    const { editionId } = await frozen(names(6), ids);
    await midSend(editionId, () => retract(ids[1]!));
    const got = received();
    const [first, ...others] = Object.values(got);
    expect(first).toEqual([...WORDS]);
    expect(others).toEqual(Array(5).fill(['Albatross', 'Cormorant']));
    expect(await noted(editionId)).toEqual(got);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent', recipients: 6 });
    expect(await variantsOf(editionId)).toBe(2);
  });

  it('take the mail with them when nothing is left', async () => {
    await start();
    const id = await article('Albatross');
    const { editionId } = await frozen(names(4), [id]);
    await midSend(editionId, () => retract(id));
    expect(office.peer.accepted).toHaveLength(1);
    expect(await office.tally(editionId)).toEqual({ accepted: 1, suppressed: 3 });
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent', recipients: 4 });
  });

  it.each<[string, object]>([
    ['drafts again', { draft: true }],
    ['under embargo', { embargoUntil: '2030-01-01T00:00:00Z' }],
  ])('are %s', async (_name, change) => {
    await start();
    const ids = [await article('Albatross'), await article('Barnacle')];
    const { editionId } = await frozen(names(3), ids);
    await midSend(editionId, () => patch(ids[0]!, change));
    expect(Object.values(received()).slice(1)).toEqual([['Barnacle'], ['Barnacle']]);
  });

  it('are not those that came out by the clock of another machine, which is ahead', async () => {
    await start();
    const now = office.clock.now();
    office.clock.advance(2_000);
    const id = await article('Albatross');
    const { digestId } = await office.audience(names(3));
    const { id: editionId } = await office.editions.createDraft(digestId, { articleIds: [id] });
    await office.editions.requestSend(editionId);
    office.clock.set(now);
    await office.prepare(editionId);
    await office.deliver(editionId);
    expect(await office.tally(editionId)).toEqual({ accepted: 3 });
  });

  it('stop within a second at full speed, on every connection', async () => {
    await start({ connections: 4 });
    const began = new Map<string, number>();
    office.peer.script = ({ command, to }) => {
      if (command === 'CONTENT') began.set(to, performance.now());
      // A server that takes its time, so that there is something left to stop.
      return command === 'DOT' ? new Promise((resolve) => setTimeout(resolve, 25, undefined)) : undefined;
    };
    const ids = [await article('Albatross'), await article('Barnacle')];
    const { editionId } = await frozen(names(400), ids);
    const delivering = office.deliver(editionId);
    await eventually(() => office.peer.accepted.length > 40);
    await retract(ids[0]!);
    const answered = performance.now();
    await delivering;
    const late = office.peer.accepted.filter(({ to }) => began.get(to[0] ?? '')! > answered + 1_000);
    expect(late.length).toBeGreaterThan(50);
    expect(late.filter(({ raw }) => wordsIn(raw).includes('Albatross'))).toEqual([]);
    expect(await office.tally(editionId)).toEqual({ accepted: 400 });
    expect(office.peer.accepted).toHaveLength(400);
    expect(await noted(editionId)).toEqual(received());
  }, 60_000);

  it('are there again if they come back before the rest is claimed', async () => {
    await start();
    const ids = [await article('Albatross'), await article('Barnacle')];
    const { editionId } = await frozen(names(2), ids);
    await office.editions.pause(editionId);
    await patch(ids[0]!, { embargoUntil: new Date(office.clock.now().getTime() + HOUR).toISOString() });
    office.clock.advance(HOUR);
    await office.editions.resume(editionId);
    await office.deliver(editionId);
    expect(Object.values(received())).toEqual(Array(2).fill(['Albatross', 'Barnacle']));
  });

  it('leave a message that is tried again, under the same Message-ID', async () => {
    await start();
    const messageIds: (string | undefined)[] = [];
    office.peer.script = ({ command, count }) =>
      command === 'DOT' && count === 1 ? '451 4.3.0 later' : undefined;
    const ids = [await article('Albatross'), await article('Barnacle')];
    const { editionId, ids: readers } = await frozen(['ann'], ids);
    await office.deliver(editionId);
    expect(await office.states(editionId)).toEqual({ ann: 'queued' });
    await retract(ids[0]!);
    office.clock.advance(HOUR);
    await office.deliver(editionId);
    expect(received()).toEqual({ ann: ['Barnacle'] });
    messageIds.push(...office.peer.accepted.map(({ raw }) => messageIdOf(raw)));
    expect(messageIds).toEqual([office.messageId(editionId, readers['ann']!)]);
  });

  it('leave it open whether a reader got what was in doubt and now has nothing left', async () => {
    await start();
    const id = await article('Albatross');
    const { editionId, ids } = await frozen(['ann', 'ben'], [id]);
    await office.rows(
      sql`UPDATE delivery SET in_doubt = true WHERE edition_id = ${editionId} AND subscriber_id = ${ids['ann']!}`,
    );
    await retract(id);
    await office.deliver(editionId);
    expect(await office.states(editionId)).toEqual({ ann: 'uncertain', ben: 'suppressed' });
    expect(office.peer.accepted).toEqual([]);
  });

  it('pause an edition whose subject fails on what is left', async () => {
    await start();
    const ids = [await article('Albatross'), await article('Barnacle')];
    const { digestId } = await office.audience(['ann', 'ben']);
    const subject = '{% if articles.size == 1 %}{% for i in (1..999999999) %}x{% endfor %}{% endif %}News';
    const { id } = await office.editions.createDraft(digestId, { articleIds: ids, subject });
    await office.editions.requestSend(id);
    await office.prepare(id);
    await retract(ids[0]!);
    await office.deliver(id);
    expect(office.peer.accepted).toEqual([]);
    expect(await office.edition(id)).toMatchObject({
      status: 'paused',
      statusReason: expect.stringContaining('subject') as string,
    });
    expect(await office.states(id)).toEqual({ ann: 'queued', ben: 'queued' });
  });

  it('make no second variant of what other readers get anyway', async () => {
    await start();
    const [sea, land] = [newId(), newId()];
    for (const id of [sea, land]) {
      await database.db
        .insert(topic)
        .values({ id, publicationId: await publicationId(), slug: id, name: `Topic ${id}` });
    }
    const ids = [
      await article('Albatross', { topics: [sea] }),
      await article('Barnacle', { topics: [land] }),
    ];
    const { digestId, ids: readers } = await office.audience(['all', 'land', 'sea']);
    for (const [name, chosen] of [
      ['land', land],
      ['sea', sea],
    ] as const) {
      await office.rows(
        sql`UPDATE subscription SET topics = ARRAY[${chosen}::uuid] WHERE subscriber_id = ${readers[name]!}`,
      );
    }
    const editionId = await freeze(digestId, ids);
    expect(await variantsOf(editionId)).toBe(3);
    await retract(ids[0]!);
    await office.deliver(editionId);
    expect(received()).toEqual({ all: ['Barnacle'], land: ['Barnacle'] });
    expect(await office.states(editionId)).toMatchObject({ sea: 'suppressed' });
    expect(await variantsOf(editionId)).toBe(3);
  });
});
