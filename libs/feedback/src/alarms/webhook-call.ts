import { createHmac } from 'node:crypto';
import type { Alarm } from './alarm-view.js';

const MINUTE_MS = 60_000;
/** When a call is tried, counted from what it tells; after the last it is given up. A receiver may be away for a day. */
export const TRIES_AFTER_MS: readonly number[] = [0, 1, 3, 10, 30, 60, 180, 480, 1_440].map(
  (minutes) => minutes * MINUTE_MS,
);

export type CallType = 'alarm.opened' | 'alarm.gone';

/** What is told. */
export interface AlarmCall {
  type: CallType;
  alarm: Alarm;
  /** When it came to be so. */
  at: Date;
}

/** Whether a call is tried now. @param failed so often it has failed */
export function isDue(at: Date, failed: number, now: Date): boolean {
  const after = TRIES_AFTER_MS[failed];
  return after !== undefined && now.getTime() >= at.getTime() + after;
}

/**
 * A call as Standard Webhooks has it (https://www.standardwebhooks.com): the body, and the headers that prove it.
 * @param secret the key in base64
 * @param now when it is sent; receivers refuse what is older than a few minutes
 */
export function signedCall(
  { type, alarm, at }: AlarmCall,
  secret: string,
  now: Date,
): { body: string; headers: Record<string, string> } {
  const { id, cause, subject, state, since, until, detail } = alarm;
  const data = { id, cause, subject, state, since, until, detail };
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data });
  // The same for every try of it, so that a receiver can drop what it has had; another one when an alarm got worse.
  const callId = `${id}.${type === 'alarm.gone' ? 'gone' : 'opened'}.${at.getTime()}`;
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = createHmac('sha256', Buffer.from(secret, 'base64'))
    .update(`${callId}.${timestamp}.${body}`)
    .digest('base64');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Broadsheet',
      'webhook-id': callId,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
  };
}
