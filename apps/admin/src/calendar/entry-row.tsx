import { Group } from '@mantine/core';
import { useDigests, useOne } from '../api/queries';
import { useMay } from '../api/session';
import type { CalendarEntry, Digest, Edition } from '../api/types';
import { ApprovalButtons } from '../editions/approval';
import { ScheduleButton } from '../editions/schedule-button';
import { titleOf } from '../editions/view/edition-title';
import { spokenTime } from '../slots/slot-time';
import { Row } from '../ui/rows';
import { StatusBadge } from '../ui/status-badge';
import { Countdown } from '../ui/time/countdown';
import { Moment } from '../ui/time/moment';
import { SkipButton, TakeBackButton } from './entry-actions';

/** Under this it is worth counting down. */
const SOON_MS = 24 * 3_600_000;

/** Something that will go out, or did: when, what, and what can be done about it. */
export function EntryRow({ entry, isPlain }: { entry: CalendarEntry; isPlain: boolean }) {
  const { data: digests } = useDigests();
  const digest = digests?.find(({ id }) => id === entry.digestId);
  return entry.editionId ? (
    <WithEdition entry={entry} digest={digest} editionId={entry.editionId} isPlain={isPlain} />
  ) : (
    <Shown entry={entry} digest={digest} edition={undefined} isPlain={isPlain} />
  );
}

interface ShownProps {
  entry: CalendarEntry;
  digest: Digest | undefined;
  edition: Edition | undefined;
  isPlain: boolean;
}

function WithEdition({ editionId, ...rest }: Omit<ShownProps, 'edition'> & { editionId: string }) {
  const { data } = useOne('/editions/{id}', editionId);
  return <Shown {...rest} edition={data} />;
}

function Shown({ entry, digest, edition, isPlain }: ShownProps) {
  const maySend = useMay('editions:send');
  const name = digest?.name ?? 'A digest';
  const title = edition ? titleOf(edition, digest) : name;
  const { status, editionId, digestId } = entry;
  return (
    <Row
      title={title}
      to={editionId ? `/editions/${editionId}` : `/digests/${digestId}`}
      meta={
        <>
          <When entry={entry} digest={digest} />
          {title !== name && ` · ${name}`}
          {status === 'scheduled' && ' · by hand'}
        </>
      }
    >
      <Group gap="xs">
        {status !== 'planned' && <StatusBadge status={status} />}
        {maySend && !isPlain && <Actions entry={entry} name={name} edition={edition} />}
      </Group>
    </Row>
  );
}

function When({ entry, digest }: { entry: CalendarEntry; digest: Digest | undefined }) {
  const { opensAt, local } = entry;
  const isSoon = new Date(opensAt).getTime() - Date.now() < SOON_MS;
  return (
    <>
      {local ? spokenTime(entry) : <Moment at={opensAt} zone={digest?.schedule?.timeZone} />}
      {isSoon && (entry.status === 'planned' || entry.status === 'scheduled' || entry.status === 'open') && (
        <>
          {' · '}
          <Countdown to={opensAt} />
        </>
      )}
    </>
  );
}

interface ActionsProps {
  entry: CalendarEntry;
  name: string;
  edition: Edition | undefined;
}

/** What fits its state. A planned one can be changed only with its digest. */
function Actions({ entry, name, edition }: ActionsProps) {
  if (entry.status === 'open' && edition) {
    return (
      <>
        <ApprovalButtons size="xs" edition={edition} digestName={name} />
        {entry.slotId && <SkipButton slotId={entry.slotId} name={name} when={spokenTime(entry)} />}
      </>
    );
  }
  if (edition?.status === 'scheduled') {
    return (
      <>
        <ScheduleButton edition={edition} size="xs" />
        <TakeBackButton edition={edition} name={name} />
      </>
    );
  }
  return null;
}
