import { Button } from '@mantine/core';
import { useOne } from '../api/queries';
import type { DeliverabilityLine } from '../api/types';
import { counted } from '../ui/format';
import { PageHead, Section } from '../ui/page-head';
import { Empty, Loaded, Waiting } from '../ui/states';
import { CheckLine } from './check-line';
import { STATES } from './check-words';
import { ReportedSources } from './reported-sources';

/** What receivers judge our mail by, and what they report. */
export function DeliverabilityPage() {
  const check = useOne('/deliverability');
  const again: () => unknown = check.refetch;
  return (
    <>
      <PageHead title="Deliverability">
        <Button variant="default" loading={check.isFetching} onClick={() => void again()}>
          Check again
        </Button>
      </PageHead>
      <p className="quiet">
        What receivers see of you in DNS. It is asked at most once a minute, which takes up to 20 seconds.
      </p>
      {check.isFetching && !check.data ? (
        <Waiting lines={8} />
      ) : (
        <Loaded of={check}>{({ data }) => <Lines lines={data} />}</Loaded>
      )}
      <Section title="Who sends in your name">
        <ReportedSources />
      </Section>
    </>
  );
}

function Lines({ lines }: { lines: DeliverabilityLine[] }) {
  if (lines.length === 0) return <Empty>There is nothing to check.</Empty>;
  const states = Object.keys(STATES) as DeliverabilityLine['state'][];
  return states.map((state) => {
    const its = lines.filter((line) => line.state === state);
    if (its.length === 0) return null;
    return (
      <Section key={state} title={`${STATES[state].title}: ${counted(its.length, 'line')}`}>
        <ul className="rows">
          {its.map((line) => (
            <CheckLine key={`${line.check} ${line.about}`} line={line} />
          ))}
        </ul>
      </Section>
    );
  });
}
