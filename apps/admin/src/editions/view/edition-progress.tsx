import { Progress } from '@mantine/core';
import type { DeliveryStatus, Edition } from '../../api/types';
import { counted, showNumber, showTime } from '../../ui/format';

/** The states of the ledger in the order in which the bar shows them. What is still open has no colour. */
const PARTS: [status: DeliveryStatus, colour: string | undefined][] = [
  ['accepted', 'green.6'],
  ['failed', 'accent.7'],
  ['expired', 'accent.5'],
  ['uncertain', 'orange.5'],
  ['suppressed', 'gray.5'],
  ['deferred', undefined],
  ['claimed', undefined],
  ['queued', undefined],
];

/** Tells how far an edition is: every recipient is in exactly one state. */
export function EditionProgress({ edition }: { edition: Edition }) {
  const { counts, status } = edition;
  if (counts.recipients === 0) return <NoRecipients edition={edition} />;
  const shown = PARTS.filter(([part]) => part === 'accepted' || counts[part] > 0);
  return (
    <div aria-busy={status === 'sending'}>
      <p style={{ margin: '0 0 0.5rem' }}>
        <strong>
          {showNumber(closedOf(counts))} of {counted(counts.recipients, 'recipient')}
        </strong>{' '}
        done
        <Times edition={edition} />
      </p>
      <Progress.Root size="lg" transitionDuration={300}>
        {PARTS.map(
          ([part, colour]) =>
            colour && (
              <Progress.Section
                key={part}
                value={(counts[part] / counts.recipients) * 100}
                color={colour}
                aria-label={part}
              />
            ),
        )}
      </Progress.Root>
      <dl className="counts">
        {shown.map(([part, colour]) => (
          <div key={part}>
            <dt>
              {colour && (
                <span
                  className="mark"
                  style={{ background: `var(--mantine-color-${colour.replace('.', '-')})` }}
                />
              )}
              {part}
            </dt>
            <dd data-count={part}>{showNumber(counts[part])}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function closedOf(counts: Edition['counts']): number {
  return counts.recipients - counts.queued - counts.claimed - counts.deferred;
}

function Times({ edition: { startedAt, finishedAt, perSecond, predictedFinishAt } }: { edition: Edition }) {
  return (
    <span className="quiet">
      {perSecond !== null && perSecond > 0 && ` · ${showNumber(Math.round(perSecond * 10) / 10)} a second`}
      {predictedFinishAt && ` · done about ${showTime(predictedFinishAt)}`}
      {startedAt && ` · started ${showTime(startedAt)}`}
      {finishedAt && ` · ended ${showTime(finishedAt)}`}
    </span>
  );
}

function NoRecipients({ edition }: { edition: Edition }) {
  const text: Partial<Record<Edition['status'], string>> = {
    draft: 'A draft. Nothing is sent until you say so.',
    preparing: 'Being prepared: its readers are gathered and its mail is compiled.',
    sent: 'It is sent, and it had no recipients: no active subscriber was due for it.',
    cancelled: 'Cancelled before it had any recipients.',
  };
  if (edition.status === 'draft' && edition.approval) return null; // said elsewhere, with the buttons
  const said = text[edition.status];
  return said ? <p className="quiet">{said}</p> : null;
}
