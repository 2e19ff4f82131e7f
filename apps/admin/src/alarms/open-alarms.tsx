import { Badge, Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { refresh } from '../api/queries';
import { api, at } from '../api/request';
import { useMay } from '../api/session';
import type { Alarm } from '../api/types';
import { Link } from '../router/router';
import { showTime } from '../ui/format';
import { Row } from '../ui/rows';
import { wordsOf } from './alarm-words';

/** By state: open ones are to be looked at. */
const COLOURS: Record<Alarm['state'], string> = { open: 'accent', seen: 'orange', gone: 'gray' };

/**
 * An alarm, where it is mended, and a button that says that it was seen.
 * @param isWhole with its state, who saw it, and what is to be done: on a page of its own
 */
export function AlarmRow({ alarm, isWhole = false }: { alarm: Alarm; isWhole?: boolean }) {
  const { title, happened, reason, remedy, advice } = wordsOf(alarm);
  return (
    <Row
      title={title}
      to={remedy}
      meta={
        <>
          {happened} Since {showTime(alarm.since)}.
          {reason && <span className="failure anywhere"> {reason}</span>}
          {isWhole && (
            <>
              <div>{lifeOf(alarm)}</div>
              {alarm.state !== 'gone' && (
                <div>
                  {advice} <Link to={remedy}>Mend it</Link>
                </div>
              )}
            </>
          )}
        </>
      }
    >
      <Badge color={COLOURS[alarm.state]} variant="light">
        {isWhole ? alarm.state : 'alarm'}
      </Badge>
      {alarm.state === 'open' && <SeenButton alarm={alarm} title={title} />}
    </Row>
  );
}

function SeenButton({ alarm, title }: { alarm: Alarm; title: string }) {
  const mayWrite = useMay('alarms:write');
  const seen = useMutation({
    mutationFn: () => api.POST('/alarms/{id}/seen', at(alarm.id)),
    onSettled: () => refresh('/alarms'),
  });
  if (!mayWrite) return null;
  return (
    <Button
      size="xs"
      variant="default"
      loading={seen.isPending}
      aria-label={`Seen: ${title}`}
      onClick={() => seen.mutate()}
    >
      Seen
    </Button>
  );
}

/** Who has seen it and when it was over. */
function lifeOf({ seenAt, seenBy, until }: Alarm): string {
  const said = [
    seenAt && `Seen ${showTime(seenAt)}${seenBy ? ` by ${seenBy}` : ''}.`,
    until && `Gone ${showTime(until)}.`,
  ];
  return said.filter(Boolean).join(' ');
}
