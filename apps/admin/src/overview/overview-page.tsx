import { Alert, Group } from '@mantine/core';
import { useDigests, useList, usePublication } from '../api/queries';
import { useMay } from '../api/session';
import { EditionRow } from '../editions/view/edition-row';
import { Link } from '../router/router';
import { HeldSlots } from '../slots/held-slots';
import { LinkButton } from '../ui/link-button';
import { PageHead, Section } from '../ui/page-head';
import { List } from '../ui/rows';
import { NextDay } from './next-day';
import { SendingNow } from './sending-now';
import { Troubles } from './troubles';
import { WaitingEditions } from './waiting-editions';
import { Yesterday } from './yesterday';

const LOOKED_AT = 20;
const SHOWN = 5;

export function OverviewPage() {
  const editions = useList('/editions', {}, { limit: LOOKED_AT });
  const digests = useDigests();
  const mayWrite = useMay('editions:send');
  const mayRead = useMay('content:read');
  const maySeeNumbers = useMay('numbers:read');
  // What waits for a yes has a place of its own.
  const latest = editions.rows?.filter(
    ({ status, approval }) => status !== 'draft' || approval !== 'waiting',
  );
  return (
    <>
      <PageHead title="Today">
        {mayWrite && (
          <Group gap="xs">
            <LinkButton to="/articles/new" variant="default">
              Add an article
            </LinkButton>
            <LinkButton to="/editions/new">Draft an edition</LinkButton>
          </Group>
        )}
      </PageHead>
      <Warnings />
      <FirstSteps />
      <div className="today">
        <div>
          <WaitingEditions />
          <HeldSlots />
          <SendingNow />
          {mayRead && <NextDay />}
          <Section title="Latest editions">
            <List
              of={{ ...editions, rows: latest?.slice(0, SHOWN), hasNextPage: false }}
              empty="No edition has been drafted yet."
            >
              {(edition) => <EditionRow key={edition.id} edition={edition} digests={digests.data} />}
            </List>
            {(editions.rows?.length ?? 0) > SHOWN && (
              <p>
                <Link to="/editions">All editions</Link>
              </p>
            )}
          </Section>
        </div>
        {maySeeNumbers && (
          <div>
            <Troubles />
            <Yesterday />
          </div>
        )}
      </div>
    </>
  );
}

/** What would keep mail from being lawful or from arriving. */
function Warnings() {
  const { data } = usePublication();
  if (!data || data.warnings.length === 0) return null;
  return (
    <Alert color="orange" variant="light" title="Before you mail real readers">
      <ul style={{ margin: 0, paddingInlineStart: '1.1rem' }}>
        {data.warnings.map(({ field, message }) => (
          <li key={field}>{message}</li>
        ))}
      </ul>
      <Link to="/settings">Open the settings</Link>
    </Alert>
  );
}

/** What a new installation still lacks before there can be an edition. */
function FirstSteps() {
  const articles = useList('/articles', {}, { limit: 1 });
  const digests = useDigests();
  if (!articles.rows || !digests.data) return null;
  const steps = [
    { isDone: articles.rows.length > 0, to: '/articles/new', text: 'Add a first article' },
    {
      isDone: digests.data.length > 0,
      to: '/digests/new',
      text: 'Make a digest: the product readers subscribe to',
    },
  ].filter((step) => !step.isDone);
  if (steps.length === 0) return null;
  return (
    <Section title="First steps">
      <ul>
        {steps.map(({ to, text }) => (
          <li key={to}>
            <Link to={to}>{text}</Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
