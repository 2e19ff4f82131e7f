import { AlarmRow } from '../alarms/open-alarms';
import { useOpenAlarms } from '../alarms/use-open-alarms';
import { useDigests, useList } from '../api/queries';
import type { Edition } from '../api/types';
import { titleOf } from '../editions/view/edition-title';
import { FeedState } from '../feeds/feed-state';
import { showTime } from '../ui/format';
import { Section } from '../ui/page-head';
import { Row } from '../ui/rows';
import { StatusBadge } from '../ui/status-badge';

const LOOKED_AT = 50;
/** A failure that nobody has acted on in two days is history. */
const NEWS_MS = 2 * 86_400_000;

/**
 * What goes wrong: alarms that nobody has seen, and then editions that stand still or will be late and feeds that can not be
 * read. What an alarm is about is said once.
 */
export function Troubles() {
  const editions = useList('/editions', {}, { limit: LOOKED_AT });
  const feeds = useList('/feeds', {}, { limit: LOOKED_AT });
  const digests = useDigests();
  const alarms = useOpenAlarms();
  const alarming = new Set(alarms.map(({ subject }) => subject));
  const stuck = (editions.rows ?? []).flatMap((edition) => {
    const trouble = alarming.has(edition.id) ? undefined : troubleOf(edition);
    return trouble ? [{ edition, trouble }] : [];
  });
  const failing = (feeds.rows ?? []).filter(
    ({ id, enabled, lastError }) => enabled && lastError && !alarming.has(id),
  );
  if (alarms.length + stuck.length + failing.length === 0) return null;
  return (
    <Section title="Needs a look">
      <ul className="rows">
        {alarms.map((alarm) => (
          <AlarmRow key={alarm.id} alarm={alarm} />
        ))}
        {stuck.map(({ edition, trouble }) => (
          <Row
            key={edition.id}
            title={titleOf(
              edition,
              digests.data?.find(({ id }) => id === edition.digestId),
            )}
            to={`/editions/${edition.id}`}
            meta={trouble}
          >
            <StatusBadge status={edition.status} />
          </Row>
        ))}
        {failing.map((feed) => (
          <Row
            key={feed.id}
            title={feed.name}
            to={`/feeds/${feed.id}`}
            meta={<span className="failure">{feed.lastError}</span>}
          >
            <FeedState feed={feed} />
          </Row>
        ))}
      </ul>
    </Section>
  );
}

function troubleOf(edition: Edition): string | undefined {
  const { status, statusReason, late, finishedAt, deadline, predictedFinishAt, updatedAt } = edition;
  if (status === 'paused') return statusReason ?? 'It is paused.';
  if (status === 'failed' && Date.now() - new Date(updatedAt).getTime() < NEWS_MS)
    return statusReason ?? 'It could not be sent.';
  if (!late || finishedAt) return undefined;
  const end = predictedFinishAt ? `probably done on ${showTime(predictedFinishAt)}` : 'no end in sight';
  return `Late: should be finished by ${showTime(deadline)}, ${end}.`;
}
