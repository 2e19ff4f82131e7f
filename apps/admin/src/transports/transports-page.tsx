import { Group } from '@mantine/core';
import { useList } from '../api/queries';
import { useMay } from '../api/session';
import type { Transport } from '../api/types';
import { showTime } from '../ui/format';
import { LinkButton } from '../ui/link-button';
import { PageHead } from '../ui/page-head';
import { List, Row } from '../ui/rows';
import { serverOf, todayOf, TransportState } from './transport-state';

/** The SMTP accounts that mail leaves by. */
export function TransportsPage() {
  const transports = useList('/transports');
  const isOwner = useMay('transports:write');
  return (
    <>
      <PageHead title="Transports">
        {isOwner && <LinkButton to="/transports/new">Add a transport</LinkButton>}
      </PageHead>
      <List
        of={transports}
        empty="There are no transports yet: mail stays in the built-in mailbox. A transport is an SMTP account."
      >
        {(transport) => (
          <Row
            key={transport.id}
            title={transport.name}
            to={`/transports/${transport.id}`}
            meta={<About transport={transport} />}
          >
            <Group gap="xs">
              <TransportState transport={transport} />
            </Group>
          </Row>
        )}
      </List>
    </>
  );
}

function About({ transport }: { transport: Transport }) {
  const { origin, weight, restingUntil, lastError } = transport;
  const from = origin === 'environment' && transport.host !== null ? ' (from SMTP_URL)' : '';
  return (
    <>
      <div>
        {serverOf(transport)}
        {from} · {todayOf(transport)} · weight {weight}
      </div>
      {restingUntil && <div>Left alone until {showTime(restingUntil)}</div>}
      {lastError && <div className="failure">{lastError}</div>}
    </>
  );
}
