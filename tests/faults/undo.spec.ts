import { startApp, type AppProcess } from '../support/app-process.js';
import { startSmtpPeer, type SmtpPeer } from '../support/smtp-peer.js';
import { makeEdition, untilSent, type Edition } from './faults.harness.js';

const READERS = 5;

/** A sending that can be taken back, and a process that is killed meanwhile. */
describe('a kill while a sending can be taken back', () => {
  let peer: SmtpPeer;
  let app: AppProcess;
  beforeAll(async () => {
    peer = await startSmtpPeer();
    app = await startApp({ env: { SMTP_URL: peer.url } });
  }, 120_000);
  afterAll(async () => {
    await app.stop();
    await peer.close();
  });
  beforeEach(() => {
    peer.accepted.length = 0;
  });

  const held = async (undoSeconds: number) => {
    const id = await makeEdition(app, READERS);
    const { status, body } = await app.api<Edition>('POST', `/editions/${id}/send`, { undoSeconds });
    expect(status).toBe(202);
    expect(body.status).toBe('scheduled');
    return id;
  };
  const undo = (id: string) => app.api<Edition>('POST', `/editions/${id}/undo`);
  const edition = async (id: string) => (await app.api<Edition>('GET', `/editions/${id}`)).body;

  it('does not lose it: it goes out after that, to each reader once', async () => {
    const id = await held(1);
    await app.restart('SIGKILL');
    const { counts } = await untilSent(app, id);
    expect(counts).toMatchObject({ recipients: READERS, accepted: READERS });
    expect(peer.accepted).toHaveLength(READERS);
    expect((await undo(id)).status).toBe(409);
  }, 120_000);

  it('does not send it early, and it can still be taken back', async () => {
    const id = await held(200);
    await app.restart('SIGKILL'); // ticks at once
    expect((await edition(id)).status).toBe('scheduled');
    expect(await undo(id)).toMatchObject({ status: 200, body: { status: 'draft' } });
    await app.restart('SIGKILL');
    expect((await edition(id)).status).toBe('draft');
    expect(peer.accepted).toHaveLength(0);
  }, 120_000);

  it('of a send and an undo at once one holds', async () => {
    const id = await held(200);
    const [back, now] = await Promise.all([undo(id), app.api('POST', `/editions/${id}/send`)]);
    const { status } = await edition(id);
    // Taken back first it is a draft again, which the other order then sends.
    if (status === 'draft') expect(back.status).toBe(200);
    else {
      expect(now.status).toBe(202);
      const { counts } = await untilSent(app, id);
      expect(counts).toMatchObject({ recipients: READERS, accepted: READERS });
      expect(peer.accepted).toHaveLength(READERS);
    }
  }, 120_000);
});
