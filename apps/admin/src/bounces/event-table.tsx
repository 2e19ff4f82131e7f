import { Table } from '@mantine/core';
import { useDigests, useList } from '../api/queries';
import type { FeedbackEvent } from '../api/types';
import { titleOf } from '../editions/view/edition-title';
import { Link } from '../router/router';
import { showTime } from '../ui/format';
import { WideTable } from '../ui/wide-table';
import { EventBadge } from './event-badge';
import { WAYS } from './event-words';

const EDITIONS_LOOKED_AT = 200;

/** What the editions are called that things came back of. */
export function useEditionTitles(): Map<string, string> {
  const editions = useList('/editions', {}, { limit: EDITIONS_LOOKED_AT });
  const { data: digests } = useDigests();
  return new Map(
    (editions.rows ?? []).map((edition) => [
      edition.id,
      titleOf(
        edition,
        digests?.find(({ id }) => id === edition.digestId),
      ),
    ]),
  );
}

/** What came back, each with its reader, its edition and the words. @param isOfOne of one reader, who is not named again */
export function EventTable({ rows, isOfOne = false }: { rows: FeedbackEvent[]; isOfOne?: boolean }) {
  const titles = useEditionTitles();
  const columns = ['What', ...(isOfOne ? [] : ['Reader']), 'They said', 'Edition', 'How it came', 'When'];
  return (
    <WideTable label="What came back" columns={columns}>
      {rows.map((event) => (
        <Table.Tr key={event.id}>
          <Table.Td>
            <EventBadge event={event} />
          </Table.Td>
          {!isOfOne && (
            <Table.Td>
              <Reader id={event.subscriberId} />
            </Table.Td>
          )}
          <Table.Td className="small anywhere said">
            {[event.status, event.reason].filter(Boolean).join(' · ') || '–'}
          </Table.Td>
          <Table.Td className="small titled">
            {event.editionId ? (
              <Link to={`/editions/${event.editionId}`}>{titles.get(event.editionId) ?? 'an edition'}</Link>
            ) : (
              '–'
            )}
          </Table.Td>
          <Table.Td className="small unbroken">{WAYS[event.way] ?? event.way}</Table.Td>
          <Table.Td className="small unbroken">{showTime(event.at)}</Table.Td>
        </Table.Tr>
      ))}
    </WideTable>
  );
}

function Reader({ id }: { id: string | null }) {
  if (!id) return <span className="quiet small">none of ours</span>;
  return (
    <Link style={{ whiteSpace: 'nowrap' }} to={`/subscribers/${id}`}>
      …{id.slice(-8)}
    </Link>
  );
}
