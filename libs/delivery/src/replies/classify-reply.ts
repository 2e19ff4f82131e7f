import type { Reply, ReplyReading } from './reply.js';
export function classifyReply({ code, status, text }: Reply): ReplyReading {
  const found = status ?? /\b([245]\.\d+\.\d+)\b/.exec(text)?.[1] ?? null;
  if (/quota|full/i.test(text)) return { class: 'soft', about: 'mailbox', status: found };
  if (found?.startsWith('5.7')) return { class: 'blocked', about: 'sender', status: found };
  if (found?.startsWith('5.1') || (code ?? 0) >= 550)
    return { class: 'hard', about: 'address', status: found };
  return { class: 'soft', about: 'network', status: found };
}
