import { useOpenAlarms } from '../alarms/use-open-alarms';
import { useCalendar, useDigests, useList } from '../api/queries';
import { useMay } from '../api/session';
import { titleOf } from '../editions/view/edition-title';
import { doneShare, isUnderWay } from '../editions/view/under-way';
import { useLive, useLostSince } from '../live/use-live';
import { Link } from '../router/router';
import { Countdown } from '../ui/time/countdown';
import { counted, showShare, showTime } from '../ui/format';
import { Moment } from '../ui/time/moment';
import { useNow } from '../ui/time/use-now';

const COMING_DAYS = 7;
const LOOKED_AT = 20;
const MINUTE_MS = 60_000;

/** What one wants to know on every page: what goes out next, what is going out, what is wrong. */
export function Strip() {
  useLive();
  const mayRead = useMay('content:read');
  const maySeeAlarms = useMay('numbers:read');
  return (
    <>
      <Lost />
      {mayRead && <Sending />}
      {mayRead && <Next />}
      {maySeeAlarms && <Alarms />}
    </>
  );
}

/** What is on the page stays there, and is said to be old. */
function Lost() {
  const since = useLostSince();
  return (
    <span role="status" className="strip-lost">
      {since && (
        <span className="strip-item is-lost">
          Connection lost
          <span className="strip-more">what you see is of {showTime(since.toISOString())}</span>
        </span>
      )}
    </span>
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
  const [first, ...others] = (editions.rows ?? []).filter(isUnderWay);
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

function Alarms() {
  const { length } = useOpenAlarms();
  if (length === 0) return null;
  return (
    <Link className="strip-item is-alarm" to="/alarms">
      {counted(length, 'open alarm')}
    </Link>
  );
}
