import type { Offer } from '../../choices/offer.js';
import { formatOf, mappingFor } from './formats.js';
import { readPerson, type Person } from './read-person.js';

const NOW = new Date('2026-11-28T12:00:00Z');
const offer: Offer = {
  digests: [{ id: 'd1', slug: 'daily', name: 'Daily', isDefault: true }],
  topics: [{ id: 't1', slug: 'city-council', name: 'City council' }],
};

/** Reads a file's lines as an import of it would, who left being kept as what they are. */
function people(lines: string[], settings = {}): { format: string; people: string[]; all: Person[] } {
  const [head = [], ...rows] = lines.map((line) => line.split(','));
  const format = formatOf(head);
  const reading = {
    format,
    mapping: mappingFor(format, head),
    settings: {
      ...({ gone: 'keep', unconfirmed: 'ask', confirm: false, everybody: null } as const),
      ...{ digests: [], topics: [], locale: null },
      ...settings,
    },
    offer,
    today: '2026-11-28',
    now: NOW,
  };
  const all = rows.map((cells, index) =>
    readPerson(
      reading,
      cells.map((cell) => cell.replaceAll('¦', ',')),
      index + 2,
    ),
  );
  return { format, people: all.map(short), all };
}

function short(person: Person): string {
  if (person.kind === 'failed') return person.errors.map(({ field, code }) => `${field} ${code}`).join();
  if (person.kind === 'skipped') return person.code;
  if (person.kind === 'gone') return `gone ${person.email.address}`;
  const { status, name, attributes, consentedAt } = person.row;
  const attribute = attributes ? JSON.stringify(attributes) : '';
  return [status, name ?? '', attribute, consentedAt?.toISOString() ?? ''].join(' ').trim();
}

const EXPORTS: [string, string[], string[]][] = [
  [
    'mailchimp',
    [
      'Email Address,First Name,Last Name,Company,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS',
      'a@x.example, Ann , Quay ,Quay Ltd,3,2023-04-21 11:16:57,192.0.2.1,2023-04-21 11:18:00,,,,,,asia/tokyo,,,,1,e,note,"VIP"¦"Two words"',
      'b@x.example,,,,,,,,,,,,,Nowhere/At all,,,,,,,',
    ],
    ['active Ann Quay {"Company":"Quay Ltd","tags":["VIP","Two words"]} 2023-04-21T11:16:57.000Z', 'active'],
  ],
  [
    'mailchimp',
    [
      'Email Address,MEMBER_RATING,OPTIN_TIME,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,LEID,EUID,NOTES,TAGS',
      'a@x.example,2,2018-02-12 10:54:27,2018-07-23 12:19:27,May,1,NORMAL,,1,e,,',
    ],
    ['unsubscribed   2018-02-12T10:54:27.000Z'],
  ],
  [
    'mailchimp',
    [
      'Email Address,MEMBER_RATING,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,LEID,EUID',
      'a@x.example,1,2020-03-23 17:30:05,May,1,e',
    ],
    ['bounced'],
  ],
  [
    'ghost',
    [
      'id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers',
      '1,a@x.example,Ann,,true,,,2024-01-15T10:00:00.000Z,,VIP¦ Press,Bronze',
      '2,b@x.example,,,false,true,cus_1,2024-01-15T10:00:00.000Z,,,',
      '3,c@x.example,,,true,,,2024-01-15T10:00:00.000Z,2025-01-15T10:00:00.000Z,,',
    ],
    [
      'active Ann {"tags":["VIP","Press"]} 2024-01-15T10:00:00.000Z',
      'unsubscribed   2024-01-15T10:00:00.000Z',
      'unsubscribed   2024-01-15T10:00:00.000Z',
    ],
  ],
  [
    'substack',
    [
      'email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at',
      'a@x.example,false,,other,false,2024-01-15T10:00:00.000Z,',
      'b@x.example,true,2026-12-01T00:00:00.000Z,yearly,true,2024-02-01T10:00:00.000Z,2024-02-01T10:00:00.000Z',
      'c@x.example,,,,false,,',
    ],
    ['active   2024-01-15T10:00:00.000Z', 'unsubscribed   2024-02-01T10:00:00.000Z', 'active'],
  ],
  [
    'beehiiv',
    [
      'email,First Name,Last Name,status,tier,created_at,stripe_customer_id,Free Tier,Premium Tier,unsubscribed_at',
      'a@x.example,Ann,Quay,active,free,2023-03-24 10:23:10 UTC,,Yes,No,',
      'b@x.example,,,inactive,free,2023-03-24 10:23:10 UTC,,Yes,No,',
      'c@x.example,,,pending,free,,,Yes,No,',
      'd@x.example,,,active,premium,,cus_1,No,Yes,2024-03-13 11:33:53 UTC',
    ],
    [
      'active Ann Quay  2023-03-24T10:23:10.000Z',
      'unsubscribed   2023-03-24T10:23:10.000Z',
      'pending',
      'unsubscribed',
    ],
  ],
  [
    'buttondown',
    [
      'id,email_address,creation_date,type,tags,metadata,notes,referrer_url,source,unsubscription_date',
      '1,a@x.example,2024-01-15T10:00:00Z,regular,press¦vip,{"town":"Hull"},,,api,',
      '2,b@x.example,2024-01-15T10:00:00Z,unactivated,,,,,,',
      '3,c@x.example,2024-01-15T10:00:00Z,unsubscribed,,,,,,2025-01-01T00:00:00Z',
      '4,d@x.example,2024-01-15T10:00:00Z,undeliverable,,,,,,',
      '5,e@x.example,2024-01-15T10:00:00Z,complained,,,,,,',
      '6,f@x.example,2024-01-15T10:00:00Z,spammy,,,,,,',
    ],
    [
      'active  {"town":"Hull","tags":["press","vip"]} 2024-01-15T10:00:00.000Z',
      'pending   2024-01-15T10:00:00.000Z',
      'unsubscribed   2024-01-15T10:00:00.000Z',
      'bounced   2024-01-15T10:00:00.000Z',
      'complained   2024-01-15T10:00:00.000Z',
      'gone f@x.example',
    ],
  ],
  [
    'kit',
    [
      'first_name,email,created_at,status,tags',
      'Ann,a@x.example,2022-09-10T11:12:13Z,active,press',
      ',b@x.example,,inactive,',
      ',c@x.example,,cancelled,',
      ',d@x.example,,bounced,',
    ],
    ['active Ann {"tags":["press"]} 2022-09-10T11:12:13.000Z', 'pending', 'unsubscribed', 'bounced'],
  ],
  [
    'listmonk',
    [
      'uuid,email,name,attributes,status,created_at,updated_at',
      'u1,a@x.example,Ann Quay,{"city":"Hull"},enabled,2021-05-06 07:08:09.123456 +0000 UTC,2021-05-06 07:08:09.123456 +0000 UTC',
      'u2,b@x.example,,{},disabled,2021-05-06 07:08:09 +0200 CEST,',
      'u3,c@x.example,,{},blocklisted,,',
      'u4,d@x.example,,[],enabled,,',
    ],
    [
      'active Ann Quay {"city":"Hull"} 2021-05-06T07:08:09.000Z',
      'unsubscribed   2021-05-06T05:08:09.000Z',
      'gone c@x.example',
      'attributes malformed',
    ],
  ],
  [
    'csv',
    [
      'Vorname,Nachname,E-Mail-Adresse,Sprache,Ort',
      'Jörg,Groß,a@x.example,de_AT,Linz',
      ',,b@x.example,German language,',
    ],
    ['active Jörg Groß {"Ort":"Linz"}', 'active'],
  ],
  [
    'csv',
    [
      'email,status',
      'a@x.example,perhaps',
      'b@x.example,',
      'c@x.example,non-subscribed',
      'd@x.example,Cleaned',
      'bad,active',
    ],
    ['status unknown_status', 'active', 'not_subscribed', 'bounced', 'email invalid'],
  ],
];

it.each(EXPORTS)('the export of %s', (format, lines, expected) => {
  expect(people(lines)).toMatchObject({ format, people: expected });
});

describe('who left there', () => {
  const file = ['email,status', 'a@x.example,unsubscribed', 'b@x.example,pending', 'c@x.example,active'];

  it.each([
    [{ gone: 'suppress', unconfirmed: 'skip' }, ['gone a@x.example', 'unconfirmed', 'active']],
    [{ gone: 'skip' }, ['unsubscribed_there', 'pending', 'active']],
    [{ gone: 'keep', confirm: true }, ['unsubscribed', 'pending', 'pending']],
  ])('%j', (settings, expected) => {
    expect(people(file, settings).people).toEqual(expected);
  });

  it.each([
    ['unsubscribed', 'gone a@x.example'],
    ['absent', 'not_subscribed'],
    [null, 'active'],
  ])('everybody is %s', (everybody, expected) => {
    expect(people(['email', 'a@x.example'], { everybody, gone: 'suppress' }).people).toEqual([expected]);
  });
});

it('finds topics by slug and name, and keeps what is none', () => {
  const { all } = people(['email,topics', 'a@x.example,City council¦Sport', 'b@x.example,Sport']);
  expect(all).toMatchObject([
    { row: { wish: { topics: ['city-council'] }, attributes: { tags: ['Sport'] } } },
    { row: { wish: { topics: undefined }, attributes: { tags: ['Sport'] } } },
  ]);
});

it('lets a line have empty cells too many, or some too few, and no others', () => {
  expect(people(['email,name', 'a@x.example', 'b@x.example,Bo,,', 'c@x.example,Cid,x']).people).toEqual([
    'active',
    'active Bo',
    'line cell_count',
  ]);
});
