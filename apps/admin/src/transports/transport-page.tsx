import { Alert } from '@mantine/core';
import { refresh, useOne } from '../api/queries';
import { api, at } from '../api/request';
import { useMay } from '../api/session';
import type { Transport } from '../api/types';
import { navigate } from '../router/router';
import { ConfirmButton } from '../ui/confirm-button';
import { showNumber, showTime } from '../ui/format';
import { PageHead, Section } from '../ui/page-head';
import { Loaded } from '../ui/states';
import { DkimKeys } from './dkim-keys';
import { TestTransport } from './test-transport';
import { TransportFields } from './transport-form';
import { serverOf, todayOf, TransportState } from './transport-state';

/** A transport: how it does, whether it works, its settings and its keys. */
export function TransportPage({ id }: { id: string }) {
  const transport = useOne('/transports/{id}', id);
  const isOwner = useMay('transports:write');
  return (
    <Loaded of={transport}>
      {(known) => (
        <>
          <PageHead
            title={known.name}
            back={{ to: '/transports', label: 'Transports' }}
            badge={<TransportState transport={known} />}
          >
            {isOwner && known.origin === 'operator' && <DeleteButton transport={known} />}
          </PageHead>
          <Standing transport={known} />
          {isOwner && (
            <Section title="Test">
              <TestTransport id={id} />
            </Section>
          )}
          <Section title="Settings">
            <TransportFields transport={known} />
          </Section>
          <Section title="DKIM">
            <DkimKeys id={id} />
          </Section>
        </>
      )}
    </Loaded>
  );
}

function Standing({ transport }: { transport: Transport }) {
  const { restingUntil, lastError, lastErrorAt, usedThisHour } = transport;
  return (
    <>
      {lastError && (
        <Alert color={restingUntil ? 'orange' : 'gray'} variant="light" mb="md" title="The last failure">
          <div className="anywhere">{lastError}</div>
          <div className="small">
            {showTime(lastErrorAt)}
            {restingUntil && `; left alone until ${showTime(restingUntil)}`}
          </div>
        </Alert>
      )}
      <dl className="facts">
        <dt>Server</dt>
        <dd>{serverOf(transport)}</dd>
        <dt>Sent</dt>
        <dd>
          {todayOf(transport)}, {showNumber(usedThisHour)} this hour
        </dd>
      </dl>
    </>
  );
}

function DeleteButton({ transport }: { transport: Transport }) {
  const remove = async () => {
    await api.DELETE('/transports/{id}', at(transport.id));
    navigate('/transports');
    await refresh('/transports');
  };
  return (
    <ConfirmButton isDanger label="Delete" title="Delete this transport?" yes="Delete it" act={remove}>
      “{transport.name}”, its password, its limits and its DKIM keys are removed for good. Mail goes by the
      others; with none left it waits.
    </ConfirmButton>
  );
}
