import { useOne, usePublication } from '../api/queries';
import { ByProvider } from '../numbers/by-provider';
import { csvHref } from '../numbers/csv-link';
import { PageHead, Section } from '../ui/page-head';
import { Loaded } from '../ui/states';
import { AudienceGrowth } from './audience-growth';
import { EditionsCompared } from './editions-compared';
import { MostClicked } from './most-clicked';
import { usePeriod, type Period } from './period';
import { PeriodChoice } from './period-choice';

/** How the audience grows and how the editions do. */
export function InsightsPage() {
  const publication = usePublication();
  return (
    <>
      <PageHead title="Insights" />
      <Loaded of={publication}>{({ timeZone }) => <Shown timeZone={timeZone} />}</Loaded>
    </>
  );
}

function Shown({ timeZone }: { timeZone: string }) {
  const period = usePeriod(timeZone);
  return (
    <>
      <PeriodChoice period={period} />
      {period.from <= period.to && (
        <>
          <p className="quiet small">Days are those of {timeZone}.</p>
          <Section title="The audience">
            <AudienceGrowth period={period} />
          </Section>
          <Section title="The last editions">
            <EditionsCompared period={period} />
          </Section>
          <Section title="Topics">
            <MostClicked path="/stats/topics" period={period} />
          </Section>
          <Section title="Articles">
            <MostClicked path="/stats/articles" period={period} />
          </Section>
          <Section title="By mailbox provider">
            <Providers period={period} />
          </Section>
        </>
      )}
    </>
  );
}

function Providers({ period }: { period: Period }) {
  const query = { ...period.query, by: 'provider' as const };
  const providers = useOne('/stats/providers', undefined, query);
  return (
    <Loaded of={providers}>
      {({ data }) => <ByProvider rows={data} csv={csvHref('/stats/providers', query)} />}
    </Loaded>
  );
}
