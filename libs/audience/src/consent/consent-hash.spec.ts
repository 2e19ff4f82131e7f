import {
  canonicalJson,
  consentRowSha256,
  evidenceSha256,
  SealHash,
  type ConsentRow,
} from './consent-hash.js';
import { idAround } from './consent-sealer.js';

const row: Omit<ConsentRow, 'rowSha256'> = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  publicationId: '01890a5d-ac96-774b-bcce-b302099a8058',
  subscriberId: '01890a5d-ac96-774b-bcce-b302099a8059',
  kind: 'given',
  method: 'form',
  form: 'article',
  termsVersionId: null,
  termsSha256: null,
  sentence: 'I agree.',
  purposes: ['newsletter'],
  locale: 'en',
  pageUrl: null,
  addressHmac: Buffer.from('abcd', 'hex'),
  evidenceSha256: null,
  submittedAt: new Date('2026-03-01T09:00:00.123Z'),
  confirmedAt: null,
  createdAt: new Date('2026-03-01T09:00:00.123Z'),
};

it('writes the same values the same way', () => {
  expect(canonicalJson({ b: [1, null, undefined], a: new Date(0), c: Buffer.from([255]), d: 'ü"' })).toBe(
    '{"a":"1970-01-01T00:00:00.000Z","b":[1,null,null],"c":"ff","d":"ü\\""}',
  );
});

it('does not change from version to version: old rows must still verify', () => {
  expect(consentRowSha256(row)).toBe('9ef465547b47f6bbbb18eaa66e6a284de5fbc3e11ae6a27d987e5285645a7ed0');
  const evidence = {
    consentId: row.id,
    subscriberId: row.subscriberId,
    salt: 's',
    address: 'a@b.c',
    ip: null,
    userAgent: null,
  };
  expect(evidenceSha256(evidence)).toBe('f4130eb9b37d845762be4181418632bbdb9d30f341c1791adff5bf55f350f607');
  const seal = new SealHash({
    id: row.id,
    publicationId: row.publicationId,
    number: 1,
    previousSha256: '0'.repeat(64),
    createdAt: row.createdAt,
  });
  seal.add(row.id, 'a'.repeat(64));
  expect(seal.digest()).toBe('268e4e101cd39a217619b4038b8c99cb063d218ee557fa4bd582578989b2e6dc');
});

it('covers every column', () => {
  const hash = consentRowSha256(row);
  for (const [column, value] of Object.entries(row)) {
    const other =
      value instanceof Date
        ? new Date(value.getTime() + 1)
        : Buffer.isBuffer(value)
          ? Buffer.from('abce', 'hex')
          : Array.isArray(value)
            ? [...value, 'x']
            : column.endsWith('At')
              ? new Date(0)
              : `${value as string}x`;
    expect([column, consentRowSha256({ ...row, [column]: other })]).not.toEqual([column, hash]);
  }
});

it('finds the lowest id an hour before another', () => {
  expect(idAround('01890a5d-ac96-774b-bcce-b302099a8057', -3_600_000)).toBe(
    '01890a26-be16-0000-0000-000000000000',
  );
  expect(idAround('00000000-0001-774b-bcce-b302099a8057', -3_600_000)).toBe(
    '00000000-0000-0000-0000-000000000000',
  );
});
