import { gist, NOW, OUR_MESSAGE_ID } from '../../hooks.fixture.js';
import { sesEvents } from './ses-events.js';

const PUBLISHED = { id: 'sns-1', at: NOW };
const mail = {
  timestamp: '2026-11-28T09:20:00.000Z',
  messageId: '0102018c-ses-000000',
  source: 'news@example.org',
  destination: ['Reader@Example.com'],
  headersTruncated: false,
  headers: [
    { name: 'From', value: 'News <news@example.org>' },
    { name: 'Message-ID', value: OUR_MESSAGE_ID },
  ],
  commonHeaders: { from: ['news@example.org'], messageId: '0102018c-ses-000000' },
};
const bounce = (bounceType: string, bounceSubType: string, recipient: object = {}) => ({
  notificationType: 'Bounce',
  mail,
  bounce: {
    bounceType,
    bounceSubType,
    bouncedRecipients: [
      {
        emailAddress: 'Reader@Example.com',
        action: 'failed',
        status: '5.1.1',
        diagnosticCode: 'smtp; 550 5.1.1 user unknown',
        ...recipient,
      },
    ],
    timestamp: '2026-11-28T09:21:00.000Z',
    feedbackId: 'feedback-1',
  },
});
const complaint = (more: object) => ({
  eventType: 'Complaint',
  mail,
  complaint: {
    complainedRecipients: [{ emailAddress: 'reader@example.com' }],
    timestamp: '2026-11-28T09:21:00.000Z',
    feedbackId: 'feedback-2',
    ...more,
  },
});

describe('what SES tells', () => {
  it.each<[string, object, string]>([
    ['Bounce/Permanent/General', bounce('Permanent', 'General'), 'bounce hard reader@example.com'],
    ['Bounce/Permanent/NoEmail', bounce('Permanent', 'NoEmail'), 'bounce hard reader@example.com'],
    ['Bounce/Permanent/Suppressed', bounce('Permanent', 'Suppressed'), 'bounce hard reader@example.com'],
    [
      'Bounce/Permanent/OnAccountSuppressionList',
      bounce('Permanent', 'OnAccountSuppressionList'),
      'bounce hard reader@example.com',
    ],
    [
      'Bounce/Permanent/UnsubscribedRecipient',
      bounce('Permanent', 'UnsubscribedRecipient'),
      'unsubscribe hard reader@example.com',
    ],
    ['Bounce/Transient/General', bounce('Transient', 'General'), 'bounce soft reader@example.com'],
    ['Bounce/Transient/MailboxFull', bounce('Transient', 'MailboxFull'), 'bounce soft reader@example.com'],
    [
      'Bounce/Transient/MessageTooLarge',
      bounce('Transient', 'MessageTooLarge'),
      'bounce blocked reader@example.com',
    ],
    [
      'Bounce/Transient/ContentRejected',
      bounce('Transient', 'ContentRejected'),
      'bounce blocked reader@example.com',
    ],
    [
      'Bounce/Transient/AttachmentRejected',
      bounce('Transient', 'AttachmentRejected'),
      'bounce blocked reader@example.com',
    ],
    [
      'Bounce/Undetermined/Undetermined',
      bounce('Undetermined', 'Undetermined'),
      'bounce - reader@example.com',
    ],
    ['Complaint/abuse', complaint({ complaintFeedbackType: 'abuse' }), 'complaint - reader@example.com'],
    ['Complaint', complaint({ complaintSubType: null }), 'complaint - reader@example.com'],
    [
      'Complaint/OnAccountSuppressionList',
      complaint({ complaintSubType: 'OnAccountSuppressionList' }),
      'complaint - reader@example.com',
    ],
    ['Complaint/not-spam', complaint({ complaintFeedbackType: 'not-spam' }), 'unknown - reader@example.com'],
    [
      'Complaint/auth-failure',
      complaint({ complaintFeedbackType: 'auth-failure' }),
      'unknown - reader@example.com',
    ],
    [
      'Delivery',
      {
        notificationType: 'Delivery',
        mail,
        delivery: { recipients: ['reader@example.com'], smtpResponse: '250 2.6.0 Message received' },
      },
      'delivered - reader@example.com',
    ],
    [
      'DeliveryDelay/MailboxFull',
      {
        eventType: 'DeliveryDelay',
        mail,
        deliveryDelay: {
          delayType: 'MailboxFull',
          delayedRecipients: [{ emailAddress: 'reader@example.com' }],
        },
      },
      'delayed soft reader@example.com',
    ],
    [
      'DeliveryDelay/SpamDetected',
      {
        eventType: 'DeliveryDelay',
        mail,
        deliveryDelay: {
          delayType: 'SpamDetected',
          delayedRecipients: [{ emailAddress: 'reader@example.com' }],
        },
      },
      'delayed blocked reader@example.com',
    ],
    [
      'Reject',
      { eventType: 'Reject', mail, reject: { reason: 'Bad content' } },
      'bounce blocked reader@example.com',
    ],
    [
      'Rendering Failure',
      { eventType: 'Rendering Failure', mail, failure: { errorMessage: 'Attribute name is not there.' } },
      'bounce blocked reader@example.com',
    ],
    [
      'Subscription',
      { eventType: 'Subscription', mail, subscription: { newTopicPreferences: { unsubscribeAll: true } } },
      'unsubscribe - reader@example.com',
    ],
    [
      'Subscription',
      {
        eventType: 'Subscription',
        mail,
        subscription: {
          newTopicPreferences: {
            unsubscribeAll: false,
            topicSubscriptionStatus: [{ topicName: 'news', subscriptionStatus: 'OptIn' }],
          },
        },
      },
      'unknown - reader@example.com',
    ],
    ['Open', { eventType: 'Open', mail, open: { ipAddress: '192.0.2.1' } }, 'unknown - -'],
    ['AmazonSnsSubscriptionSucceeded', { notificationType: 'AmazonSnsSubscriptionSucceeded' }, 'unknown - -'],
    ['Notification', {}, 'unknown - -'],
  ])('by %s', (name, event, expected) => {
    const [read, ...more] = sesEvents(event, PUBLISHED);
    expect([read!.name, gist(read!), more]).toEqual([name, expected, []]);
  });

  it('has the words, the codes and the ids', () => {
    expect(sesEvents(bounce('Permanent', 'General'), PUBLISHED)[0]).toMatchObject({
      code: 550,
      status: '5.1.1',
      text: 'smtp; 550 5.1.1 user unknown',
      messageId: OUR_MESSAGE_ID,
      providerMessageId: '0102018c-ses-000000',
      at: new Date('2026-11-28T09:21:00Z'),
    });
  });

  it('has no Message-ID of ours where headers are left out: the other one is its own', () => {
    const [read] = sesEvents(
      { ...bounce('Permanent', 'General'), mail: { ...mail, headers: undefined } },
      PUBLISHED,
    );
    expect(read!.messageId).toBeNull();
  });

  it('is an event for each recipient, each with an id of its own, the same by whatever way it comes', () => {
    const two = bounce('Permanent', 'General');
    two.bounce.bouncedRecipients.push({
      ...two.bounce.bouncedRecipients[0]!,
      emailAddress: 'other@example.com',
    });
    const first = sesEvents(two, PUBLISHED);
    const again = sesEvents(two, { id: 'sns-2', at: NOW });
    expect(first.map(({ recipient }) => recipient)).toEqual(['reader@example.com', 'other@example.com']);
    expect(new Set(first.map(({ id }) => id)).size).toBe(2);
    expect(again.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    expect(first[0]!.id).not.toContain('reader');
  });

  it('is no event when a topic is connected, and is told', () => {
    expect(sesEvents(undefined, PUBLISHED)).toMatchObject([{ kind: 'unknown', name: 'Notification' }]);
  });
});
