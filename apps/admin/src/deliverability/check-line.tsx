import { Badge, Button, CopyButton } from '@mantine/core';
import type { DeliverabilityLine } from '../api/types';
import { CHECKS, STATES } from './check-words';

/** One line of the check: what was found, what to publish, and why. */
export function CheckLine({ line }: { line: DeliverabilityLine }) {
  const { check, about, state, found, publish, why } = line;
  return (
    <li>
      <div className="row-text">
        <div className="row-title">
          {CHECKS[check]} <span className="quiet small">{about}</span>{' '}
          <Badge color={STATES[state].colour} variant="light">
            {state}
          </Badge>
        </div>
        <div className="row-meta">{why}</div>
        <dl className="facts tight small">
          <dt>Found</dt>
          <dd className="mono anywhere">{found || 'nothing'}</dd>
          {state !== 'ok' && <Remedy publish={publish} what={`${CHECKS[check]}, ${about}`} />}
        </dl>
      </div>
    </li>
  );
}

/** How the API begins where there is no record to publish: what follows is said to people. */
const NO_RECORD = /^nothing(; )?/;

/** The record or setting, ready to be copied; or what is to be done instead. */
function Remedy({ publish, what }: { publish: string; what: string }) {
  if (!NO_RECORD.test(publish)) {
    return (
      <>
        <dt>Publish</dt>
        <dd>
          <span className="record">{publish}</span> <Copy text={publish} what={what} />
        </dd>
      </>
    );
  }
  const said = publish.replace(NO_RECORD, '');
  if (said === '') return null;
  return (
    <>
      <dt>To do</dt>
      <dd>{said}</dd>
    </>
  );
}

function Copy({ text, what }: { text: string; what: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button size="compact-xs" variant="default" onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
          <span className="unseen">: {what}</span>
        </Button>
      )}
    </CopyButton>
  );
}
