import { sql } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import type { Role } from '#operators/rights/permissions.js';
import { newId } from '#kernel/ids.js';
import { EventFeedRepository } from '#operators/live/event-feed.repository.js';
import { LiveEvents, type LiveEvent, type Listener } from '#operators/live/live-events.js';
import { onEachStore } from '../support/databases.js';
import { silentLog } from '../support/test-config.js';
import { eventually } from '../support/wait-for.js';

const PUBLICATION = newId();

interface Heard extends Listener {
  heard: LiveEvent[];
  ended: boolean;
}

function listener(role: Role = 'owner', publicationId = PUBLICATION, keyId = newId()): Heard {
  const heard: LiveEvent[] = [];
  return {
    heard,
    ended: false,
    caller: { keyId, publicationId, role },
    hear: (event) => heard.push(event) > 0,
    end() {
      this.ended = true;
    },
  };
}

onEachStore('events as they happen', (make) => {
  let database: Database;
  let feed: EventFeedRepository;
  const processes: LiveEvents[] = [];
  const started = (on = feed) => {
    const live = new LiveEvents(on, silentLog());
    processes.push(live);
    return live;
  };
  const happens = (event: string, subject: string, publicationId = PUBLICATION) =>
    feed.announce(database.db, { publicationId, event, subject });
  const subjects = (one: Heard) => one.heard.flatMap(({ subject }) => subject ?? []);
  const hears = (one: Heard, ...wanted: string[]) =>
    eventually(() => wanted.every((subject) => subjects(one).includes(subject)), { what: wanted.join() });

  beforeAll(async () => {
    database = await (await make()).open();
    feed = new EventFeedRepository(database);
  });
  afterEach(() => {
    for (const live of processes.splice(0)) live.beforeApplicationShutdown();
  });

  it('are heard in each process, in order, from when somebody began to listen', async () => {
    await happens('slot.changed', 'before');
    const [here, there] = [listener(), listener('analyst')];
    await started().listen(here, null);
    await started().listen(there, null);
    for (let i = 0; i < 5; i++) await happens('slot.changed', `s${i}`);
    for (const one of [here, there]) {
      await hears(one, 's4');
      expect(subjects(one)).toEqual(['s0', 's1', 's2', 's3', 's4']);
      const places = one.heard.map(({ seq }) => seq!);
      expect([...places].sort((a, b) => a - b)).toEqual(places);
      expect(one.heard[0]).toMatchObject({ event: 'ready', subject: null });
    }
  });

  it('go on after the last that was heard, in another process too', async () => {
    const first = listener();
    const live = started();
    const leave = await live.listen(first, null);
    await happens('alarm.opened', 'a1');
    await hears(first, 'a1');
    const last = first.heard.at(-1)!.seq;
    leave();
    live.beforeApplicationShutdown();
    await happens('alarm.changed', 'a1');
    await happens('alarm.opened', 'a2');
    const back = listener();
    await started().listen(back, last);
    await hears(back, 'a2');
    expect(back.heard.map(({ event, subject }) => [event, subject])).toEqual([
      ['alarm.changed', 'a1'],
      ['alarm.opened', 'a2'],
    ]);
    expect(subjects(first)).toEqual(['a1']);
  });

  it('that are not kept any more are to be looked at anew', async () => {
    await happens('slot.changed', 'old');
    await feed.span();
    await database.db.execute(sql`UPDATE event_feed SET at = now() - interval '2 hours'`);
    await feed.forgetOld();
    const { oldest, newest } = await feed.span();
    expect(oldest).toBe(newest); // the last stays, so that places go on
    for (const place of [0, newest + 100, -2]) {
      const one = listener();
      await started().listen(one, place);
      expect(one.heard).toMatchObject([{ event: 'reset', seq: newest }]);
    }
    const one = listener();
    await started().listen(one, newest);
    await happens('slot.changed', 'new');
    await hears(one, 'new');
    expect(one.heard).toMatchObject([{ seq: newest + 1 }]);
  });

  it('are told to those who may read what they are about, of their publication', async () => {
    const [owner, analyst, author] = [listener(), listener('analyst'), listener('author')];
    const foreign = listener('owner', newId());
    const scoped = { ...listener(), caller: { ...owner.caller, role: null, scopes: ['numbers:read'] } };
    const live = started();
    for (const one of [owner, analyst, author, foreign, scoped]) await live.listen(one, null);
    await happens('import.progress', 'i1');
    await happens('unheard.of', 'u1');
    await happens('alarm.opened', 'a9');
    await happens('edition.changed', 'e1');
    await hears(owner, 'i1', 'a9', 'e1');
    await hears(author, 'e1');
    expect([owner, analyst, author, foreign, scoped].map(subjects)).toEqual([
      ['i1', 'a9', 'e1'],
      ['a9', 'e1'],
      ['e1'],
      [],
      ['a9'],
    ]);
    author.caller = { ...author.caller, role: 'editor' };
    await happens('import.progress', 'i2');
    await hears(author, 'i2');
  });

  it('are told once where the same happens again and again', async () => {
    const one = listener();
    await started().listen(one, null);
    await database.db.execute(sql`
      INSERT INTO event_feed (publication_id, event, subject)
      SELECT ${PUBLICATION}::uuid, 'draft.changed', 'd1' FROM generate_series(1, 50)`);
    await hears(one, 'd1');
    expect(subjects(one)).toEqual(['d1']);
  });

  it('end for who does not keep up, who asks too often, and when the process stops', async () => {
    const live = started();
    const slow: Heard = { ...listener(), hear: (event) => event.event === 'ready' };
    await live.listen(slow, null);
    await happens('slot.changed', 'much');
    await eventually(() => slow.ended);
    const keyId = newId();
    for (let i = 0; i < 8; i++) await live.listen(listener('owner', PUBLICATION, keyId), null);
    await expect(live.listen(listener('owner', PUBLICATION, keyId), null)).rejects.toMatchObject({
      code: 'rate_limited',
    });
    const other = listener();
    await live.listen(other, null);
    live.beforeApplicationShutdown();
    expect(other.ended).toBe(true);
  });

  it('have no gaps behind what was read, whatever order transactions commit in', async () => {
    const seen: string[] = [];
    let last = (await feed.span()).newest;
    const writing = Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        database.transaction(async (tx) => {
          await feed.announce(tx, { publicationId: PUBLICATION, event: 'slot.changed', subject: `t${i}` });
          await tx.execute(sql`SELECT pg_sleep(${(i % 3) * 0.02}::float8)`);
        }),
      ),
    ).then(() => true);
    for (let done = false; !done;) {
      done = await Promise.race([writing, Promise.resolve(false)]);
      for (const { seq, subject } of await feed.after(last, 100)) {
        expect(seq).toBe(last + 1);
        last = seq;
        seen.push(subject);
      }
    }
    expect(seen.length).toBe(20);
  });
});
