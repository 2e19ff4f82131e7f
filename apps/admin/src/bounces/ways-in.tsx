import { Badge } from '@mantine/core';
import { useOne } from '../api/queries';
import type { WayIn } from '../api/types';
import { showTime } from '../ui/format';
import { Row } from '../ui/rows';
import { Empty, Loaded } from '../ui/states';

const NAMES: Record<WayIn['name'], string> = { smtp: 'The receiver', imap: 'The mailbox' };

/** Whether returned mail can be received. */
export function WaysIn() {
  const ways = useOne('/feedback/ways');
  return (
    <Loaded of={ways}>
      {({ data }) =>
        data.length === 0 ? (
          <Empty>
            No receiver and no mailbox has been turned on. Providers’ webhooks are set on the page of each
            transport.
          </Empty>
        ) : (
          <ul className="rows">
            {data.map((way) => (
              <Row key={way.name} title={NAMES[way.name]} meta={wordsOf(way)}>
                <Badge color={way.isWell ? 'green' : 'accent'} variant="light">
                  {way.isWell ? 'well' : 'not reachable'}
                </Badge>
              </Row>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function wordsOf({ isWell, since, problem, lastMessageAt }: WayIn) {
  return (
    <>
      {isWell ? 'Well' : 'Not reachable'} since {showTime(since)}.{' '}
      {lastMessageAt ? `The last mail came ${showTime(lastMessageAt)}.` : 'No mail has come yet.'}
      {problem && <span className="failure anywhere"> {problem}</span>}
    </>
  );
}
