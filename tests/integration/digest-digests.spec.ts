import { eq } from 'drizzle-orm';
import { edition, subscription } from '#database/schema/index.js';
import { onEachDatabase } from './../support/databases.js';
import { Newsroom } from './digest.harness.js';

onEachDatabase('digests', (open) => {
  let room: Newsroom;
  beforeAll(async () => {
    room = await Newsroom.open(await open());
  });

  const digestsOf = async (subscriberId: string) =>
    (
      await room.database.db.select().from(subscription).where(eq(subscription.subscriberId, subscriberId))
    ).map((row) => row.digestId);

  it('makes the first a default, and gives it to those who were waiting for one', async () => {
    const waiting = await room.reader([]);
    const pending = await room.reader([], { status: 'pending' });
    const gone = await room.reader([], { status: 'unsubscribed' });
    const choosy = await room.reader([], { followsDefaults: false });
    const first = await room.digests.create({ name: 'The Morning Brief' });
    expect(first).toMatchObject({
      slug: 'the-morning-brief',
      template: 'digest',
      subject: null,
      topics: null,
      isDefault: true,
      minArticles: 1,
      maxArticles: 20,
      archivedAt: null,
    });
    expect(await digestsOf(waiting)).toEqual([first.id]);
    expect(await digestsOf(pending)).toEqual([first.id]);
    expect(await digestsOf(gone)).toEqual([]);
    expect(await digestsOf(choosy)).toEqual([]);

    const second = await room.digests.create({ name: 'The Morning Brief' });
    expect(second).toMatchObject({ slug: 'the-morning-brief-2', isDefault: false });
    const late = await room.reader([]);
    await room.digests.patch(second.id, { isDefault: true });
    expect(await digestsOf(late)).toEqual([second.id]);
    expect(await digestsOf(waiting)).toEqual([first.id]);
    expect(await room.digests.get(second.id)).toMatchObject({ isDefault: true });
  });

  it('makes the next one a default when the first is gone', async () => {
    const other = await Newsroom.open(await open());
    await other.digests.remove((await other.digests.create({ name: 'First' })).id);
    expect(await other.digests.create({ name: 'Next' })).toMatchObject({ isDefault: true });
  });

  it('makes one default of several first ones made at once', async () => {
    const empty = await Newsroom.open(await open());
    const made = await Promise.all(['A', 'B', 'C', 'D'].map((name) => empty.digests.create({ name })));
    expect(made.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });

  it.each<[string, Record<string, unknown>, object]>([
    [
      'Liquid',
      { subject: '{{ articles[0].title' },
      { field: 'subject', message: expect.stringContaining('Line 1') as string },
    ],
    ['a variable there is not', { subject: '{{ artcles }}' }, { field: 'subject' }],
    ['a minimum over the maximum', { minArticles: 5, maxArticles: 3 }, { field: 'minArticles' }],
    ['a template there is not', { template: 'nowhere' }, { field: 'template', code: 'unknown_template' }],
    ['a mail that is no digest', { template: 'welcome' }, { field: 'template', code: 'unknown_template' }],
    ['a topic there is not', { topics: ['nowhere'] }, { field: 'topics.0', code: 'unknown' }],
    ['a schedule without a cron', { schedule: {} }, { field: 'schedule.cron', code: 'required' }],
    [
      'a cron that never fires',
      { schedule: { cron: '0 7 30 2 *' } },
      { field: 'schedule.cron', code: 'never_fires' },
    ],
    [
      'a cron of nonsense',
      { schedule: { cron: 'at seven' } },
      { field: 'schedule.cron', code: 'invalid_cron' },
    ],
    [
      'an unknown zone',
      { schedule: { cron: '0 7 * * *', timeZone: 'Europe/Atlantis' } },
      { field: 'schedule.timeZone', code: 'unknown_zone' },
    ],
    ['an article there is not', { pinned: ['x'] }, { field: 'pinned.0', code: 'unknown' }],
    ['nothing to say when empty', { whenEmpty: 'send' }, { field: 'emptyText', code: 'required' }],
    [
      'a language there is not',
      { templates: { xx: 'digest' } },
      { field: 'templates.xx', code: 'unknown_locale' },
    ],
    [
      'a template by language',
      { templates: { de: 'nowhere' } },
      { field: 'templates.de', code: 'unknown_template' },
    ],
    [
      'MJML with wrong Liquid',
      { templates: { de: '<mjml>\n{{ oops' } },
      { field: 'templates.de', message: expect.stringContaining('Line 2') as string },
    ],
    ['a mail without a way out', { template: '<mjml><mj-body></mj-body></mjml>' }, { field: 'template' }],
    [
      'an alert that is none',
      { alertTemplate: 'welcome' },
      { field: 'alertTemplate', code: 'unknown_template' },
    ],
  ])('refuses %s, at making and at changing', async (_name, wrong, problem) => {
    const error = { code: 'invalid_input', errors: [problem] };
    const before = await room.digests.list();
    await expect(room.digests.create({ name: 'x', ...wrong })).rejects.toMatchObject(error);
    expect(await room.digests.list()).toEqual(before);
    const { id } = await room.digests.create({ name: 'x' });
    await expect(room.digests.patch(id, wrong)).rejects.toMatchObject(error);
  });

  it('shows its settings as they were given', async () => {
    const [pinned, excluded] = [await room.article(), await room.article()];
    const given = {
      schedule: { cron: '30 6 * * MON-FRI', timeZone: 'Europe/Lisbon', readerLocal: false },
      approval: { minutes: 45, otherwise: 'send' },
      lateLimitMinutes: 90,
      whenEmpty: 'send',
      emptyText: 'Nothing happened.',
      orderBy: ['recency'],
      pinned: [pinned.id],
      excluded: [excluded.id],
      lookbackDays: 3,
      repeatAfterDays: 30,
      templates: { de: 'letter' },
      alertTemplate: 'alert',
    };
    const made = await room.digests.create({ name: 'Settled', ...given });
    expect(made).toMatchObject(given);
    for (const column of ['cron', 'scheduledThrough', 'approvalMinutes', 'withoutApproval'])
      expect(made).not.toHaveProperty(column);
    expect(await room.digests.get(made.id)).toEqual(made);
    expect(await room.digests.patch(made.id, { name: 'Other' })).toMatchObject(given);
    const plain = await room.digests.patch(made.id, {
      schedule: null,
      approval: null,
      repeatAfterDays: null,
    });
    expect(plain).toMatchObject({ schedule: null, approval: null, repeatAfterDays: null, nextAt: null });
    await room.digests.patch(made.id, { schedule: { cron: '@daily' } });
    expect((await room.digests.get(made.id)).schedule).toEqual({
      cron: '@daily',
      timeZone: null,
      readerLocal: false,
    });
  });

  it('pins no article that is retracted or left out', async () => {
    const [one, gone] = [await room.article(), await room.article()];
    const { id } = await room.digests.create({ name: 'Pins', pinned: [one.id, gone.id] });
    await expect(room.digests.patch(id, { excluded: [one.id] })).rejects.toMatchObject({
      errors: [{ field: 'excluded.0', code: 'pinned' }],
    });
    await room.articles.retract(room.publicationId, gone.id);
    await expect(room.digests.patch(id, { pinned: [one.id, gone.id] })).rejects.toMatchObject({
      errors: [{ field: 'pinned.1', code: 'retracted' }],
    });
    // What was retracted since does not stand in the way of another change.
    expect(await room.digests.patch(id, { name: 'Other' })).toMatchObject({ pinned: [one.id, gone.id] });
  });

  it('takes topics by id or slug, and none as every one', async () => {
    const harbour = await room.topic('harbour');
    const islands = await room.topic('islands');
    const { id, topics } = await room.digests.create({ name: 'x', topics: ['islands', harbour, islands] });
    expect(topics).toEqual([islands, harbour]);
    expect((await room.digests.patch(id, { name: 'y' })).topics).toEqual([islands, harbour]);
    expect((await room.digests.patch(id, { topics: [] })).topics).toBeNull();
  });

  it('refuses a slug that is taken', async () => {
    await room.digests.create({ name: 'x', slug: 'daily' });
    await expect(room.digests.create({ name: 'y', slug: 'daily' })).rejects.toMatchObject({
      code: 'conflict',
      errors: [{ field: 'slug', code: 'taken' }],
    });
  });

  it('lists newest first, by pages', async () => {
    for (const name of ['a', 'b', 'c']) await room.digests.create({ name });
    const first = await room.digests.list({ limit: 2 });
    expect(first.data.map(({ name }) => name)).toEqual(['c', 'b']);
    const second = await room.digests.list({ limit: 1, cursor: first.nextCursor ?? undefined });
    expect(second.data.map(({ name }) => name)).toEqual(['a']);
  });

  it('deletes one without editions, archives one with, ends the subscriptions of both', async () => {
    const empty = await room.digests.create({ name: 'Empty' });
    const used = await room.digests.create({ name: 'Used' });
    const reader = await room.reader([empty.id, used.id]);
    await room.editions.createDraft(used.id);
    await room.digests.remove(empty.id);
    await room.digests.remove(used.id);
    await expect(room.digests.get(empty.id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await room.digests.get(used.id)).toMatchObject({ isDefault: false, archivedAt: room.clock.now() });
    const listed = (await room.digests.list()).data.map(({ id }) => id);
    expect(listed).not.toContain(used.id);
    expect(await digestsOf(reader)).toEqual([]);
    const archived = { code: 'wrong_state', extra: { state: 'archived' } };
    await expect(room.digests.patch(used.id, {})).rejects.toMatchObject(archived);
    await expect(room.editions.createDraft(used.id)).rejects.toMatchObject(archived);
  });

  it('is not deleted while an edition is under way', async () => {
    const { id } = await room.digests.create({ name: 'x' });
    const draft = await room.editions.createDraft(id);
    await room.database.db.update(edition).set({ status: 'sending' }).where(eq(edition.id, draft.id));
    await expect(room.digests.remove(id)).rejects.toMatchObject({
      code: 'wrong_state',
      extra: { state: 'sending' },
    });
  });
});
