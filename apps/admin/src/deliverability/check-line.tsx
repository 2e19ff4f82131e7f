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
          {CHECKS[check]} <span className="quiet small">{about}</span>
        </div>
        <div className="row-meta">{why}</div>
        <dl className="facts tight small">
          <dt>Found</dt>
          <dd className="record">{found || 'nothing'}</dd>
          {publish && publish !== found && (
            <>
              <dt>Publish</dt>
              <dd>
                <span className="record">{publish}</span>{' '}
                <Copy text={publish} what={`${CHECKS[check]}, ${about}`} />
              </dd>
            </>
          )}
        </dl>
      </div>
      <Badge color={STATES[state].colour} variant="light">
        {state}
      </Badge>
    </li>
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
