import { eq } from 'drizzle-orm';
import { article, digest as digestTable, edition, editionArticle } from '#database/schema/index.js';
import { ALERT_FRESH_HOURS } from '#digest/alerts/alert.service.js';
import { AlertTick } from '#digest/alerts/alert.tick.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import { Newsroom } from './digest.harness.js';

const HOUR = 3_600_000;

onEachDatabase('alerts', (open) => {
  let room: Newsroom;
  beforeAll(async () => {
    room = await Newsroom.open(await open());
  });
  afterEach(async () => {
    await room.database.db.update(digestTable).set({ archivedAt: room.clock.now() });
    await room.database.db.update(article).set({ breaking: false });
  });

  const alertsOf = (articleId: string) =>
    room.database.db.select().from(edition).where(eq(edition.articleId, articleId)).orderBy(edition.id);
  const digest = async (more: object = {}) => {
    const { id } = await room.digests.create({ name: 'Brief', ...more });
    await room.reader([id], {}, { alerts: true });
    return id;
  };
  const topic = (name: string) => room.topic(`${name}-${newId()}`);
  /** A breaking article, made a minute ago. */
  const breaking = (more: object = {}) => room.article({ breaking: true, ...more });

  it('makes one edition for each digest, ready to be prepared, once', async () => {
    const digestId = await digest({ name: 'The Post' });
    const { id: articleId } = await breaking();
    const now = room.clock.now();
    const made = await room.alerts.fire(articleId);
    const [alert, ...others] = await alertsOf(articleId);
    expect(others).toEqual([]);
    expect(made).toEqual([alert?.id]);
    expect(alert).toMatchObject({
      digestId,
      kind: 'alert',
      selection: 'list',
      status: 'preparing',
      articleId,
      slug: 'the-post-alert-2027-01-05',
      startedAt: now,
      nextWaveAt: now,
      createdAt: now,
      note: null,
    });
    const [held, ...none] = await room.database.db
      .select()
      .from(editionArticle)
      .where(eq(editionArticle.editionId, alert?.id ?? ''));
    expect([held?.articleId, none]).toEqual([articleId, []]);
    expect(room.queue.jobs).toContainEqual({ name: 'edition.prepare', payload: { editionId: alert?.id } });
    room.clock.advance(HOUR);
    expect(await room.alerts.fire()).toEqual([]);
  });

  it('makes it once however many do so at once', async () => {
    const [first, second] = [await digest(), await digest({ name: 'Other' })];
    const { id } = await breaking();
    const made = await Promise.all(Array.from({ length: 6 }, () => room.alerts.fire()));
    expect(made.flat()).toHaveLength(2);
    expect((await alertsOf(id)).map(({ digestId }) => digestId).sort()).toEqual([first, second].sort());
  });

  it('gives two alerts of one day a slug each', async () => {
    await digest({ name: 'Twice', slug: 'twice' });
    const [one, two] = [await breaking(), await breaking()];
    expect(await room.alerts.fire()).toHaveLength(2);
    const day = room.clock.now().toISOString().slice(0, 10);
    const slugs = [...(await alertsOf(one.id)), ...(await alertsOf(two.id))].map(({ slug }) => slug);
    expect(slugs).toEqual([`twice-alert-${day}`, `twice-alert-${day}-2`]);
  });

  it('leaves the story to the next edition, for all who were not alerted', async () => {
    const digestId = await digest();
    const { id } = await breaking();
    expect(await room.alerts.fire()).toHaveLength(1);
    expect((await room.editions.createDraft(digestId)).articleIds).toContain(id);
  });

  it('fires for nobody who did not ask or may not be mailed', async () => {
    const { id } = await room.digests.create({ name: 'Brief' });
    await room.reader([id]);
    await room.reader([id], { status: 'unsubscribed' }, { alerts: true });
    await room.reader([id], {}, { alerts: true, topics: [await topic('harbour')] });
    await room.suppress(await room.reader([id], {}, { alerts: true }));
    await breaking();
    expect(await room.alerts.fire()).toEqual([]);
    await room.reader([id], {}, { cadence: 'breaking' });
    expect(await room.alerts.fire()).toHaveLength(1);
  });

  it('keeps to the topics of digests and readers', async () => {
    const [harbour, council] = [await topic('harbour'), await topic('council')];
    const all = await digest();
    const wanted = await digest({ name: 'Harbour', topics: [harbour] });
    await digest({ name: 'Council', topics: [council] });
    const chosen = await room.digests.create({ name: 'Chosen' });
    await room.reader([chosen.id], {}, { alerts: true, topics: [harbour] });
    const { id } = await breaking({ topics: [harbour] });
    await room.alerts.fire();
    const ids = (await alertsOf(id)).map(({ digestId }) => digestId);
    expect(ids.sort()).toEqual([all, wanted, chosen.id].sort());
  });

  it('waits for the embargo and then fires by the tick', async () => {
    await digest();
    const until = room.clock.now().getTime() + 10 * HOUR;
    const { id } = await breaking({ embargoUntil: new Date(until).toISOString() });
    const tick = new AlertTick(room.alerts);
    room.clock.set(new Date(until - 1));
    await tick.run();
    expect(await alertsOf(id)).toEqual([]);
    room.clock.set(new Date(until));
    await tick.run();
    expect(await alertsOf(id)).toHaveLength(1);
  });

  it('fires when a draft is released, and when a story turns out to be breaking', async () => {
    await digest();
    const draft = await breaking({ draft: true });
    const plain = await room.article();
    room.clock.advance((ALERT_FRESH_HOURS - 1) * HOUR);
    expect(await room.alerts.fire()).toEqual([]);
    await room.articles.patch(room.publicationId, plain.id, { breaking: true });
    expect(await room.alerts.fire(plain.id)).toHaveLength(1);
    room.clock.advance(10 * HOUR);
    await room.articles.patch(room.publicationId, draft.id, { draft: false });
    expect(await room.alerts.fire()).toHaveLength(1);
    expect(await alertsOf(draft.id)).toHaveLength(1);
  });

  it.each<[string, (id: string, digestId: string) => Promise<unknown>]>([
    ['old', () => Promise.resolve().then(() => room.clock.advance(ALERT_FRESH_HOURS * HOUR))],
    ['retracted', (id) => room.articles.retract(room.publicationId, id)],
    ['drafted again', (id) => room.articles.patch(room.publicationId, id, { draft: true })],
    ['no more breaking', (id) => room.articles.patch(room.publicationId, id, { breaking: false })],
    ['of a digest that was removed', (_, digestId) => room.digests.remove(digestId)],
  ])('does not fire when it is %s', async (_name, happen) => {
    const digestId = await digest();
    const { id } = await breaking();
    await happen(id, digestId);
    expect(await room.alerts.fire()).toEqual([]);
  });

  it('does not fail the change of an article', async () => {
    await digest();
    const { id } = await breaking();
    const enqueue = room.queue.enqueue.bind(room.queue);
    room.queue.enqueue = () => Promise.reject(new Error('no answer'));
    await room.alerts.fireFor(id);
    room.queue.enqueue = enqueue;
    expect(await alertsOf(id)).toHaveLength(1);
  });
});
