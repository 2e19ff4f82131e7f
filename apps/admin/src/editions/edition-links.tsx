import { Table } from '@mantine/core';
import { useEditionLinks } from '../api/queries';
import type { Edition } from '../api/types';
import { clicksText } from '../numbers/clicks-text';
import { Loaded } from '../ui/states';

/** The links of an edition's mails, and how many people followed them. */
export function EditionLinks({ edition }: { edition: Edition }) {
  const links = useEditionLinks(edition.id);
  return (
    <Loaded of={links}>
      {({ data }) =>
        data.length === 0 ? (
          <p className="quiet">The links of this edition are not counted.</p>
        ) : (
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Link</Table.Th>
                <Table.Th>Clicks</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map(({ number, url, clicks }) => (
                <Table.Tr key={number}>
                  <Table.Td style={{ wordBreak: 'break-all' }}>{url}</Table.Td>
                  <Table.Td>{clicksText(clicks)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )
      }
    </Loaded>
  );
}
