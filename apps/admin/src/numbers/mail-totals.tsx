import type { EditionStats } from '../api/types';
import { countOf, showNumber } from '../ui/format';

/** What became of mails: whom they reached, who sent them back, who left. */
export function MailTotals({ total }: { total: EditionStats['total'] }) {
  const { frozen, accepted, deferred, failed, bounced, complained, unsubscribed } = total;
  const shown: [name: string, label: string, value: string][] = [
    ['frozen', 'Readers', showNumber(frozen)],
    ['accepted', 'Accepted', showNumber(accepted)],
    ['failed', 'Failed', countOf(failed, failed + accepted)],
    ['deferred', 'Tries put off', showNumber(deferred)],
    ['bounced', 'Bounced', countOf(bounced, accepted)],
    ['complained', 'Complained', countOf(complained, accepted)],
    ['unsubscribed', 'Unsubscribed', countOf(unsubscribed, accepted)],
  ];
  return (
    <dl className="counts">
      {shown.map(([name, label, value]) => (
        <div key={name}>
          <dt>{label}</dt>
          <dd data-number={name}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
