import type { HookProvider } from './hook.js';
import { brevo } from './providers/brevo.js';
import { mailgun } from './providers/mailgun/mailgun.js';
import { mailjet } from './providers/mailjet.js';
import { postmark } from './providers/postmark.js';
import { resend } from './providers/resend.js';
import { scaleway } from './providers/scaleway/scaleway.js';
import { sendgrid } from './providers/sendgrid/sendgrid.js';
import { ses } from './providers/amazon/ses.js';
import { sparkpost } from './providers/sparkpost.js';

/** The providers whose webhooks are understood. */
export const HOOK_PROVIDER_NAMES = [
  'ses',
  'postmark',
  'mailgun',
  'sendgrid',
  'brevo',
  'resend',
  'sparkpost',
  'mailjet',
  'scaleway',
] as const;
export type HookProviderName = (typeof HOOK_PROVIDER_NAMES)[number];

export const HOOK_PROVIDERS: Readonly<Record<HookProviderName, HookProvider>> = {
  ses,
  postmark,
  mailgun,
  sendgrid,
  brevo,
  resend,
  sparkpost,
  mailjet,
  scaleway,
};
