import { Keyring } from '#kernel/crypto/keyring.js';
import { deliveryMessageId, mailMessageId } from '#kernel/message-id.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { confirmUrlOf, readerLinks } from './message-values.js';

const EDITION = '01890a5d-ac96-774b-bcce-b302099a8057';
const READER = '01890a5d-ac96-774b-bcce-b302099a8058';
const signer = new TokenSigner(new Keyring(['a secret for the tests of the links']));
const now = new Date('2027-01-05T09:00:00Z');
const tokenOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);

describe('Message-IDs', () => {
  it('are the same each time, differ by edition, reader and kind, and name nobody', () => {
    const id = deliveryMessageId(EDITION, READER, 'news@post.example');
    expect(id).toBe('<01890a5dac96774bbcceb302099a8057.01890a5dac96774bbcceb302099a8058@post.example>');
    expect(deliveryMessageId(EDITION, READER, 'news@post.example')).toBe(id);
    expect(deliveryMessageId(READER, EDITION, 'news@post.example')).not.toBe(id);
    expect(mailMessageId(READER, 'news@post.example')).toBe(
      '<mail.01890a5dac96774bbcceb302099a8058@post.example>',
    );
  });

  it.each([deliveryMessageId(EDITION, READER, 'a@b.example'), mailMessageId(READER, 'a@b.example')])(
    '%s is an RFC 5322 msg-id',
    (id) => {
      expect(id).toMatch(/^<[A-Za-z0-9.]+@[A-Za-z0-9.-]+>$/);
      expect(id).not.toMatch(/\.\.|<\.|\.@/);
      expect(id.length).toBeLessThan(200);
    },
  );
});

describe('the links of a reader', () => {
  it('act on that reader, each for its own purpose', () => {
    const { unsubscribeUrl, preferencesUrl } = readerLinks(
      signer,
      'https://post.example',
      READER,
      now,
      EDITION,
    );
    const confirmUrl = confirmUrlOf(signer, 'https://post.example', READER, now);
    expect(unsubscribeUrl).toMatch(/^https:\/\/post\.example\/unsubscribe\/[\w-]+$/);
    const inAYear = new Date('2028-01-05T09:00:00Z');
    expect(signer.read('unsubscribe', tokenOf(unsubscribeUrl), inAYear)).toMatchObject({
      ok: true,
      claims: { subscriberId: READER, editionId: EDITION },
    });
    expect(signer.read('preferences', tokenOf(preferencesUrl), now)).toMatchObject({ ok: true });
    expect(signer.read('confirm', tokenOf(confirmUrl), now)).toMatchObject({
      ok: true,
      claims: { subscriberId: READER },
    });
    expect(signer.read('confirm', tokenOf(unsubscribeUrl), now)).toMatchObject({ ok: false });
  });
});
