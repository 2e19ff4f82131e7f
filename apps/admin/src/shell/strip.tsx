import { useOpenAlarms } from '../alarms/use-open-alarms';
import { useCalendar, useDigests, useList } from '../api/queries';
import { useMay } from '../api/session';
import type { Edition } from '../api/types';
import { titleOf } from '../editions/view/edition-title';
import { Link } from '../router/router';
import { Countdown } from '../ui/time/countdown';
import { counted, showShare } from '../ui/format';
import { Moment } from '../ui/time/moment';
import { useNow } from '../ui/time/use-now';

const COMING_DAYS = 7;
const LOOKED_AT = 20;
const MINUTE_MS = 60_000;
const UNDER_WAY: Edition['status'][] = ['preparing', 'sending'];

/** What one wants to know on every page: what goes out next, what is going out, what is wrong. */
export function Strip() {
  const mayRead = useMay('content:read');
  const maySeeAlarms = useMay('numbers:read');
  return (
    <>
      {mayRead && <Sending />}
      {mayRead && <Next />}
      {maySeeAlarms && <Alarms />}
    </>
  );
}

function Next() {
  const calendar = useCalendar(COMING_DAYS);
  const { data: digests } = useDigests();
  const now = useNow(MINUTE_MS / 4);
  const next = calendar.data?.data.find(
    ({ opensAt, status }) => new Date(opensAt).getTime() > now && status !== 'skipped' && status !== 'fired',
  );
  if (!next) return null;
  const digest = digests?.find(({ id }) => id === next.digestId);
  return (
    <Link
      className="strip-item"
      to={next.editionId ? `/editions/${next.editionId}` : `/digests/${next.digestId}`}
    >
      <span className="strip-label">Next</span>
      <span className="strip-name">{digest?.name ?? 'an edition'}</span> <Countdown to={next.opensAt} />
      <span className="strip-more">
        <Moment at={next.opensAt} zone={digest?.schedule?.timeZone} />
      </span>
    </Link>
  );
}

function Sending() {
  const editions = useList('/editions', {}, { limit: LOOKED_AT });
  const { data: digests } = useDigests();
  const [first, ...others] = (editions.rows ?? []).filter(({ status }) => UNDER_WAY.includes(status));
  if (!first) return null;
  const digest = digests?.find(({ id }) => id === first.digestId);
  return (
    <Link className="strip-item is-sending" to={others.length > 0 ? '/editions' : `/editions/${first.id}`}>
      <span className="strip-label">Sending</span>
      <span className="strip-name">
        {others.length > 0 ? counted(others.length + 1, 'edition') : titleOf(first, digest)}
      </span>{' '}
      <span className="countdown">{showShare(doneShare(first))}</span>
    </Link>
  );
}

/** Of an edition's readers, those whose mail has an end: a share of whole percents. */
export function doneShare({ counts }: Edition): number {
  const open = counts.queued + counts.claimed + counts.deferred;
  return counts.recipients === 0
    ? 0
    : Math.floor(((counts.recipients - open) / counts.recipients) * 100) / 100;
}

function Alarms() {
  const { length } = useOpenAlarms();
  if (length === 0) return null;
  return (
    <Link className="strip-item is-alarm" to="/alarms" aria-label={`${length} open alarms`}>
      {counted(length, 'alarm')}
    </Link>
  );
}
