import { sign, type KeyObject } from 'node:crypto';

/** What SNS writes around a message, by the name of the field. */
export type SnsFields = Record<string, string>;

const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  other: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

/** Signs a message as SNS does, by its fields in the order of the documentation. */
export function signSns(fields: SnsFields, key: KeyObject): SnsFields {
  const names = fields['Type'] === 'Notification' ? SIGNED.Notification : SIGNED.other;
  let text = '';
  for (const name of names) if (fields[name] !== undefined) text += `${name}\n${fields[name]}\n`;
  const digest = fields['SignatureVersion'] === '1' ? 'sha1' : 'sha256';
  return { ...fields, Signature: sign(digest, Buffer.from(text), key).toString('base64') };
}
