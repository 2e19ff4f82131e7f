/** What the mail of the bench edition is made of, for a baseline to send the same. */
export interface SampleMail {
  subject: string;
  html: string;
  text: string;
}

/** Stands in the sample where the reader's own link goes. */
export const UNSUBSCRIBE = '{{unsubscribe}}';

/** The arguments of nodemailer's `sendMail` for one reader. */
export function mailFor({ subject, html, text }: SampleMail, i: number) {
  const unsubscribe = `https://news.example/unsubscribe/${i}`;
  return {
    from: 'The Bench <news@bench.example>',
    to: `Reader ${i} <reader${i}@bench.example>`,
    subject,
    html: html.replaceAll(UNSUBSCRIBE, unsubscribe),
    text: text.replaceAll(UNSUBSCRIBE, unsubscribe),
    headers: {
      'List-Unsubscribe': `<${unsubscribe}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  };
}
