import { Alert, Badge, Button, Table, TextInput } from '@mantine/core';
import { useState, type SyntheticEvent } from 'react';
import type { Edition, Explanation } from '../api/types';
import { Link } from '../router/router';
import { Empty, Loaded } from '../ui/states';
import { useExplanation } from './explanation';

const COLOURS: Record<string, string> = { sent: 'green', would_send: 'green', not_delivered: 'accent' };

/** Says for one reader why each article is in their mail or not. */
export function Why({ edition }: { edition: Edition }) {
  const [typed, setTyped] = useState('');
  const [reader, setReader] = useState('');
  const explanation = useExplanation(edition.id, reader);
  const ask = (event: SyntheticEvent) => {
    event.preventDefault();
    setReader(typed.trim());
  };
  return (
    <>
      <form onSubmit={ask} className="ask">
        <TextInput
          label="Reader"
          description="The whole address, or the id."
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          Explain
        </Button>
      </form>
      {reader !== '' && (
        <div role="status">
          <Loaded of={explanation}>
            {(known) =>
              known ? <Explained explanation={known} /> : <Empty>No subscriber has this address.</Empty>
            }
          </Loaded>
        </div>
      )}
    </>
  );
}

function Explained({ explanation }: { explanation: Explanation }) {
  const { reader, sent, frozen, articles, subscriberId } = explanation;
  const title = sent
    ? 'This reader was sent it'
    : reader.due
      ? frozen
        ? 'It is on its way to this reader'
        : 'This reader is due for it'
      : 'This reader does not get it';
  return (
    <>
      <Alert color={sent || reader.due ? 'green' : 'orange'} variant="light" my="md" title={title}>
        {reader.reason} {reader.next && `It may be otherwise from ${reader.next}.`}{' '}
        <Link to={`/subscribers/${subscriberId}`}>What they asked for</Link>
      </Alert>
      {articles.length > 0 ? <Verdicts articles={articles} /> : <Empty>No article was looked at.</Empty>}
    </>
  );
}

function Verdicts({ articles }: { articles: Explanation['articles'] }) {
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table aria-label="Why">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Article</Table.Th>
            <Table.Th>Verdict</Table.Th>
            <Table.Th>Reason</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {articles.map(({ id, title, verdict, reason, edition }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <Link to={`/articles/${id}`}>{title}</Link>
              </Table.Td>
              <Table.Td>
                <Badge color={COLOURS[verdict] ?? 'gray'} variant="light" miw="max-content">
                  {verdict.replaceAll('_', ' ')}
                </Badge>
              </Table.Td>
              <Table.Td className="small">
                {reason} {edition && <Link to={`/editions/${edition.id}`}>That edition</Link>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
