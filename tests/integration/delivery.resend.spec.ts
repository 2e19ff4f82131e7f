import { sql } from 'drizzle-orm';
import { ResendService } from '#delivery/resend/resend.service.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from './../support/databases.js';
import { byReader, PostOffice } from './delivery.harness.js';

onEachDatabase('what failed, sent again', (open) => {
  let office: PostOffice;
  afterEach(() => office.close());
  const start = async (answers: Parameters<typeof byReader>[0]) => {
    office = await PostOffice.open(await open(), { peer: { script: byReader(answers) } });
    const sent = await office.frozen(['ann', 'bob', 'cy', 'di', 'eve']);
    await office.deliver(sent.editionId);
    return sent;
  };
  const resend = (id: string, wanted: object = {}) =>
    office.get(ResendService).resendFailed(id, { inDoubt: false, ...wanted });
  /** Refused for what is in it; and an answer that never came. */
  const ANSWERS = {
    bob: { RCPT: '554 5.7.1 not today' },
    cy: { RCPT: '554 5.7.1 not today' },
    di: { RCPT: '550 5.1.1 no such user' },
    eve: { DOT: 'drop' },
  } as const;

  it('goes to those who failed and still may be mailed, once; nobody else', async () => {
    const { editionId } = await start(ANSWERS);
    expect(await office.states(editionId)).toMatchObject({
      ann: 'accepted',
      bob: 'failed',
      cy: 'failed',
      di: 'failed',
    });
    expect((await office.states(editionId)).eve).toBe('uncertain');
    office.peer.script = undefined;
    expect(await resend(editionId)).toEqual({ queued: 2 }); // di is suppressed, eve in doubt
    expect((await office.edition(editionId)).status).toBe('sending');
    expect(await resend(editionId)).toEqual({ queued: 0 });
    await office.deliver(editionId);
    expect(await office.states(editionId)).toEqual({
      ann: 'accepted',
      bob: 'accepted',
      cy: 'accepted',
      di: 'failed',
      eve: 'uncertain',
    });
    const { counts, status } = await office.editions.get(editionId);
    expect(status).toBe('sent');
    expect(counts).toMatchObject({ recipients: 5, accepted: 3, failed: 1, uncertain: 1, queued: 0 });
  });

  it('takes those in doubt only when it is asked to, and marks them', async () => {
    const { editionId } = await start(ANSWERS);
    office.peer.script = undefined;
    expect(await resend(editionId, { inDoubt: true })).toEqual({ queued: 3 });
    await office.deliver(editionId);
    expect((await office.ledger(editionId)).eve).toMatchObject({ status: 'accepted', inDoubt: true });
  });

  it('leaves alone who has had the same stories by another edition since', async () => {
    const { editionId, digestId } = await start(ANSWERS);
    office.peer.script = byReader({ cy: { RCPT: '554 5.7.1 not today' } });
    const [wave] = await office.rows<{ articleIds: string[] }>(
      sql`SELECT article_ids AS "articleIds" FROM edition_wave WHERE edition_id = ${editionId}`,
    );
    office.clock.advance(60_000);
    const { id: later } = await office.editions.createDraft(digestId, wave!);
    await office.editions.requestSend(later);
    await office.prepare(later);
    await office.deliver(later);
    expect(await office.states(later)).toMatchObject({ bob: 'accepted', cy: 'failed' });
    office.peer.script = undefined;
    expect(await resend(editionId)).toEqual({ queued: 1 }); // cy
  });

  it('can be of some readers, or of one answer', async () => {
    const { editionId, ids } = await start({ ...ANSWERS, cy: { RCPT: '552 5.3.4 too big' } });
    expect(await resend(editionId, { code: 552 })).toEqual({ queued: 1 });
    expect(await resend(editionId, { subscriberIds: [ids.bob!, ids.ann!] })).toEqual({ queued: 1 });
    expect(await office.states(editionId)).toMatchObject({ ann: 'accepted', bob: 'queued', cy: 'queued' });
  });

  it('is nothing of an edition that is not sent, or was cancelled', async () => {
    const { editionId, digestId } = await start({});
    expect(await resend(editionId)).toEqual({ queued: 0 });
    expect((await office.edition(editionId)).status).toBe('sent');
    const draft = await office.draft(digestId);
    await expect(resend(draft)).rejects.toMatchObject({ code: 'wrong_state' });
    await office.editions.cancel(draft);
    await expect(resend(draft)).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(resend(newId())).rejects.toMatchObject({ code: 'not_found' });
  });
});
