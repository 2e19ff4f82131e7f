import fc from 'fast-check';
import { EVENT_KINDS, MAX_HOOK_EVENTS, type HookReading, type HookRequest } from './hook.js';
import { HOOK_PROVIDER_NAMES, HOOK_PROVIDERS, type HookProviderName } from './hook-providers.js';
import {
  eventsIn,
  MAILGUN_KEY,
  NOW,
  RESEND_SECRET,
  requestOf,
  SECRET,
  SENDGRID_PUBLIC_KEY,
  signedByMailgun,
  signedBySendgrid,
  signedByStandardWebhooks,
  withSecret,
} from './hooks.fixture.js';
import { certificateOf, rsaKeys } from './proof/certificate.fixture.js';
import { signSns } from './proof/sns.fixture.js';
import { secretSettings } from './settings.js';

const keys = rsaKeys();
const certificate = certificateOf({ name: 'Root', keys, isAuthority: true });
const topics = ['arn:test'];
const bySns = (url: string) => (body: unknown) =>
  requestOf(
    signSns(
      {
        Type: 'Notification',
        MessageId: 'sns-1',
        TopicArn: 'arn:test',
        Message: typeof body === 'string' ? body : JSON.stringify(body),
        Timestamp: NOW.toISOString(),
        SignatureVersion: '2',
        SigningCertURL: url,
      },
      keys.privateKey,
    ),
  );

/** How to be believed by each. */
const BELIEVED: Record<HookProviderName, { settings: object; request: (body: unknown) => HookRequest }> = {
  ses: { settings: { topics }, request: bySns('https://sns.us-east-1.amazonaws.com/a.pem') },
  scaleway: {
    settings: { topics, rootCertificate: certificate },
    request: bySns('https://messaging.s3.fr-par.scw.cloud/fr-par/sns/a.crt'),
  },
  postmark: { settings: { secret: SECRET }, request: withSecret },
  brevo: { settings: { secret: SECRET }, request: withSecret },
  sparkpost: { settings: { secret: SECRET }, request: withSecret },
  mailjet: { settings: { secret: SECRET }, request: withSecret },
  mailgun: { settings: { signingKey: MAILGUN_KEY }, request: (body) => signedByMailgun(body) },
  sendgrid: { settings: { publicKey: SENDGRID_PUBLIC_KEY }, request: (body) => signedBySendgrid(body) },
  resend: { settings: { secret: RESEND_SECRET }, request: (body) => signedByStandardWebhooks(body) },
};
const read = (name: HookProviderName, request: HookRequest, settings: unknown = BELIEVED[name].settings) =>
  HOOK_PROVIDERS[name].read(request, settings, () => Promise.resolve(certificate));

/** Words of all providers, so that what is made at random has a chance to be read. */
const NAMES = (
  'event RecordType type Type eventType notificationType msys message_event bounce complaint delivery mail headers ' +
  'bouncedRecipients emailAddress email Email recipient Recipient timestamp time ts_epoch created_at data to reason ' +
  'severity delivery-status code message message-id smtp-id Metadata rcpt_meta bounce_class error hard_bounce ' +
  'sg_event_id event_id ID id signature token event-data email_headers key name value status text CustomID __proto__'
).split(' ');
const VALUES =
  'Bounce bounce failed dropped bounced hard_bounce email.bounced Permanent permanent reader@example.com 550 5.1.1'.split(
    ' ',
  );
const anything: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...VALUES),
    fc.jsonValue({ maxDepth: 1 }),
    fc.double(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 6 }),
  ),
})).value;

function expectReading(reading: HookReading) {
  if (reading.is === 'refused') {
    expect(reading.detail).toMatch(/^[A-Z].+\.$/);
    return;
  }
  for (const event of eventsIn(reading)) {
    expect(EVENT_KINDS).toContain(event.kind);
    expect(event.id).toMatch(/^[\x21-\x3f\x41-\x7e]{1,200}$/);
    expect(event.name).not.toBe('');
    expect(Number.isNaN(event.at.getTime())).toBe(false);
    expect(event.recipient).toBe(event.recipient?.toLowerCase() ?? null);
    if (event.code !== null) expect(event.code).toBeGreaterThanOrEqual(200);
    expect(event.text.length).toBeLessThanOrEqual(1_000);
  }
}

describe.each(HOOK_PROVIDER_NAMES)('requests of %s', (name) => {
  const { settings, request } = BELIEVED[name];

  it('bear its name', () => {
    expect(HOOK_PROVIDERS[name].name).toBe(name);
  });

  it('end in a reading, whatever they say when they are believed', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (body) => expectReading(await read(name, request(body)))),
      { numRuns: 300 },
    );
  });

  it('end in a reading, whatever bytes they are', async () => {
    const header = fc.constantFrom(
      'authorization',
      'svix-id',
      'svix-timestamp',
      'svix-signature',
      'x-twilio-email-event-webhook-signature',
      'x-twilio-email-event-webhook-timestamp',
    );
    const headers = fc.dictionary(header, fc.oneof(fc.string(), fc.constant(String(NOW.getTime() / 1000))));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), headers, async (body, given) => {
        expectReading(await read(name, requestOf(body, given)));
        expectReading(await read(name, requestOf(body, request(body).headers)));
      }),
    );
  });

  it('are refused when they are longer than it sends', async () => {
    const { maxBytes } = HOOK_PROVIDERS[name];
    expect(await read(name, requestOf(new Uint8Array(maxBytes + 1)))).toMatchObject({ reason: 'shape' });
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['null', null],
    ['what is none of its settings', { ...settings, more: 1 }],
    ['nothing in them', Object.fromEntries(Object.keys(settings).map((key) => [key, '']))],
  ])('are refused when its settings are %s', async (_, given) => {
    const reading = await read(name, request({}), given);
    expect(reading).toMatchObject({ is: 'refused', reason: 'unauthorised' });
  });

  it('are refused in words that hold no secret', async () => {
    const wrong = Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [
        key,
        typeof value === 'string' ? `${value} \n` : value,
      ]),
    );
    const secrets = Object.values(settings).flat().map(String);
    for (const given of [wrong, settings, {}]) {
      const reading = await read(name, requestOf('{}', { authorization: `Bearer ${SECRET}x` }), given);
      for (const secret of secrets) expect(JSON.stringify(reading)).not.toContain(secret);
    }
  });
});

describe('all providers', () => {
  it('have their secrets marked, and only them', () => {
    const marked = HOOK_PROVIDER_NAMES.map((name) => [name, secretSettings(HOOK_PROVIDERS[name].settings)]);
    expect(Object.fromEntries(marked)).toEqual({
      ses: [],
      scaleway: [],
      sendgrid: [],
      postmark: ['secret'],
      brevo: ['secret'],
      sparkpost: ['secret'],
      mailjet: ['secret'],
      resend: ['secret'],
      mailgun: ['signingKey'],
    });
  });

  it('that list events have a most of them', async () => {
    for (const name of ['postmark', 'brevo', 'sparkpost', 'mailjet', 'sendgrid'] as const) {
      const most = Array.from({ length: MAX_HOOK_EVENTS }, () => ({ event: 'opened' }));
      expect(await read(name, BELIEVED[name].request(most))).toMatchObject({ is: 'events' });
      expect(await read(name, BELIEVED[name].request([...most, {}]))).toMatchObject({ reason: 'shape' });
    }
  });
});
