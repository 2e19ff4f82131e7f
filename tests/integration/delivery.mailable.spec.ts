import { sql } from 'drizzle-orm';
import { PublicationService } from '#audience/publication/publication.service.js';
import { MailReaderRepository } from '#delivery/outbox/mail-reader.repository.js';
import { newId } from '#kernel/ids.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { OutboxRepository } from '#queue/outbox/outbox.repository.js';
import { onEachDatabase } from '../support/databases.js';
import { PostOffice } from './delivery.harness.js';

const LEASE_MS = 60_000;

/** What may become of a reader behind the back of every service, and says that they are not to be mailed. */
const STANDINGS: readonly [string, (office: PostOffice, id: string) => Promise<unknown>][] = [
  ...(['pending', 'unsubscribed', 'bounced', 'complained'] as const).map(
    (status): (typeof STANDINGS)[number] => [
      status,
      (office, id) =>
        office.database.db.execute(sql`UPDATE subscriber SET status = ${status} WHERE id = ${id}`),
    ],
  ),
  [
    'suppressed',
    (office, id) =>
      office.database.db.execute(sql`
        INSERT INTO suppression (id, publication_id, address_hmac, reason)
        SELECT ${newId()}::uuid, publication_id, address_hmac, 'operator' FROM subscriber WHERE id = ${id}`),
  ],
  [
    'no longer subscribed to the digest',
    (office, id) => office.database.db.execute(sql`DELETE FROM subscription WHERE subscriber_id = ${id}`),
  ],
];
const OF_THE_DIGEST_ONLY = 'no longer subscribed to the digest';

onEachDatabase('whether a reader may be mailed', (open) => {
  let office: PostOffice;
  beforeAll(async () => {
    office = await PostOffice.open(await open());
  });
  afterAll(() => office.close());

  describe.each(STANDINGS)('one who is %s', (standing, become) => {
    const names = () => [newId(), newId()] as [string, string];
    const claim = (editionId: string, token: string) =>
      office.repository.claimDue(editionId, 0, 50, token, LEASE_MS, office.clock.now());

    it('is not chosen for an edition', async () => {
      const [gone, there] = names();
      const { digestId, ids } = await office.audience([gone, there]);
      await become(office, ids[gone]!);
      const editionId = await office.requested(digestId);
      await office.prepare(editionId);
      expect(Object.keys(await office.ledger(editionId))).toEqual([there]);
    });

    it('is not claimed, and their row is closed', async () => {
      const [gone, there] = names();
      const { editionId, ids } = await office.frozen([gone, there]);
      await become(office, ids[gone]!);
      const claimed = await claim(editionId, newId());
      expect(claimed.map((row) => row.subscriberId)).toEqual([ids[there]]);
      expect(await office.states(editionId)).toEqual({ [gone]: 'suppressed', [there]: 'claimed' });
    });

    it('is found among those that are claimed', async () => {
      const [gone, there] = names();
      const { editionId, ids } = await office.frozen([gone, there]);
      const token = newId();
      await claim(editionId, token);
      await become(office, ids[gone]!);
      const stopped = await office.repository.findStopped(editionId, token);
      expect(stopped).toMatchObject({ editionStopped: false, subscriberIds: [ids[gone]] });
    });

    // A confirmation goes to who is pending, and a receipt to who has left.
    it(`gets ${standing === 'suppressed' ? 'no' : 'their'} single mails`, async () => {
      const [gone] = names();
      const { ids } = await office.audience([gone]);
      await become(office, ids[gone]!);
      const { id: publicationId } = await office.get(PublicationService).current();
      const outbox = office.get(Outbox);
      const wish = { publicationId, kind: 'preferences-link', subscriberId: ids[gone]! } as const;
      const mailId = await outbox.write(office.database.db, wish);
      const claimed = await office.get(OutboxRepository).claim(mailId, newId(), LEASE_MS, office.clock.now());
      const addressed = await office.get(MailReaderRepository).addressed(claimed!);
      expect(addressed.email).toBe(standing === 'suppressed' ? null : office.address(gone));
    });
  });

  it('knows every standing that a subscriber can have', async () => {
    const [check] = await office.rows<{ definition: string }>(
      sql`SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = 'subscriber_status'`,
    );
    const known = [...check!.definition.matchAll(/'(\w+)'/g)].map(([, status]) => status);
    const tested = STANDINGS.map(([standing]) => standing).filter((its) => its !== OF_THE_DIGEST_ONLY);
    expect([...tested, 'active'].sort()).toEqual([...known, 'suppressed'].sort());
  });
});
