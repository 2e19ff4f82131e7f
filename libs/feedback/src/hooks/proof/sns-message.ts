import { verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** An SNS message as it comes over HTTP: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html. */
export const snsMessage = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string().min(1).max(200),
  TopicArn: z.string().max(300),
  Message: z.string(),
  Timestamp: z.string().max(40),
  Signature: z.string().max(2_000),
  SignatureVersion: z.enum(['1', '2']),
  SigningCertURL: z.string().max(1_000),
  Subject: z.string().nullish(),
  Token: z.string().optional(),
  SubscribeURL: z.string().max(2_000).optional(),
});
export type SnsMessage = z.output<typeof snsMessage>;

const CONFIRMATION_FIELDS = [
  'Message',
  'MessageId',
  'SubscribeURL',
  'Timestamp',
  'Token',
  'TopicArn',
  'Type',
] as const;
const SIGNED_FIELDS: Record<SnsMessage['Type'], readonly (keyof SnsMessage)[]> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: CONFIRMATION_FIELDS,
  UnsubscribeConfirmation: CONFIRMATION_FIELDS,
};
const ALGORITHMS = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' } as const;

/** What is signed: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html. */
export function signedTextOf(message: SnsMessage): string {
  return SIGNED_FIELDS[message.Type]
    .filter((field) => message[field] !== undefined && message[field] !== null)
    .map((field) => `${field}\n${message[field]}\n`)
    .join('');
}

export function isSignedBy(message: SnsMessage, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'rsa') return false;
  const signature = Buffer.from(message.Signature, 'base64');
  return verify(ALGORITHMS[message.SignatureVersion], Buffer.from(signedTextOf(message)), key, signature);
}
