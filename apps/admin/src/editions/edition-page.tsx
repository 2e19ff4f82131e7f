import { Alert, Tabs } from '@mantine/core';
import { useDigests, useEdition } from '../api/queries';
import { useMay } from '../api/session';
import type { Edition } from '../api/types';
import { showTime } from '../ui/format';
import { PageHead, Section } from '../ui/page-head';
import { Loaded } from '../ui/states';
import { EditionBadges } from './view/edition-badges';
import { ApprovalNotice } from './approval';
import { Deliveries } from './deliveries';
import { EditionActions } from './edition-actions';
import { EditionArticles } from './edition-articles';
import { EditionLinks } from './edition-links';
import { EditionNumbers } from './numbers/edition-numbers';
import { MeasuredReaders } from './numbers/measured-readers';
import { EditionFacts } from './view/edition-facts';
import { EditionProgress } from './view/edition-progress';
import { titleOf } from './view/edition-title';
import { Preview } from './preview';
import { TestForm } from './test-form';
import { Why } from './why';

const BACK = { to: '/editions', label: 'Editions' };

/** One edition: what it is, how far it is, and what can be done about it. */
export function EditionPage({ id }: { id: string }) {
  const edition = useEdition(id);
  return <Loaded of={edition}>{(known) => <Shown edition={known} />}</Loaded>;
}

function Shown({ edition }: { edition: Edition }) {
  const digests = useDigests();
  const digest = digests.data?.find(({ id }) => id === edition.digestId);
  const mayWrite = useMay('editions:send');
  const isEditable = edition.status === 'draft' || edition.status === 'scheduled';
  return (
    <>
      <PageHead title={titleOf(edition, digest)} back={BACK} badge={<EditionBadges edition={edition} />} />
      <Reason edition={edition} />
      {mayWrite && <ApprovalNotice edition={edition} digest={digest} />}
      <Forecast edition={edition} />
      {edition.warnings.map((warning) => (
        <Alert key={warning} color="orange" variant="light" mb="md">
          {warning}
        </Alert>
      ))}
      <EditionProgress edition={edition} />
      <EditionFacts edition={edition} />
      {mayWrite && <EditionActions edition={edition} digestName={digest?.name ?? 'the digest'} />}
      <Section title="The mail">
        <Tabs defaultValue="html" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="html">Preview</Tabs.Tab>
            <Tabs.Tab value="text">Plain text</Tabs.Tab>
            <Tabs.Tab value="articles">Articles and subject</Tabs.Tab>
            {mayWrite && <Tabs.Tab value="test">Send a test</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="html">
            <Preview edition={edition} format="html" />
          </Tabs.Panel>
          <Tabs.Panel value="text">
            <Preview edition={edition} format="text" />
          </Tabs.Panel>
          <Tabs.Panel value="articles">
            <EditionArticles edition={edition} isEditable={isEditable && mayWrite} digest={digest} />
          </Tabs.Panel>
          <Tabs.Panel value="test">
            <TestForm editionId={edition.id} />
          </Tabs.Panel>
        </Tabs>
      </Section>
      {edition.counts.recipients > 0 && (
        <Section title="In numbers">
          <EditionNumbers edition={edition} />
        </Section>
      )}
      {edition.counts.recipients > 0 && (
        <Section title="Deliveries">
          <Deliveries edition={edition} />
        </Section>
      )}
      {edition.waves > 0 && (
        <Section title="Clicks">
          <EditionLinks edition={edition} />
          <MeasuredReaders editionId={edition.id} />
        </Section>
      )}
      <Section title="Why?">
        <Why edition={edition} />
      </Section>
    </>
  );
}

/** When its last message will be accepted, and whether that is in time. */
function Forecast({ edition }: { edition: Edition }) {
  const { deadline, predictedFinishAt, late, finishedAt } = edition;
  if (finishedAt ? !late : !late && !predictedFinishAt) return null;
  const end = finishedAt ?? predictedFinishAt;
  const said = [
    end &&
      `${finishedAt ? 'The last message was accepted' : 'The last message will probably be accepted'} on ${showTime(end)}.`,
    deadline && `It should be finished by ${showTime(deadline)}.`,
  ].filter(Boolean);
  return (
    <Alert
      color={late ? 'orange' : 'blue'}
      variant="light"
      mb="md"
      {...(late ? { title: finishedAt ? 'It was late' : 'It will be late' } : {})}
    >
      {said.join(' ') || 'There is no end in sight at what the limits allow.'}
    </Alert>
  );
}

function pausedTitle({ pausedBy }: Edition): string {
  const who =
    pausedBy?.kind === 'service' ? ' by the service itself' : pausedBy?.name && ` by ${pausedBy.name}`;
  return `Paused${who || ''}: nothing is sent until it is resumed`;
}

/** Why it stands still, and when it goes on. */
function Reason({ edition }: { edition: Edition }) {
  const { status, statusReason, sendAt } = edition;
  if (status === 'paused' || status === 'failed') {
    const title = status === 'paused' ? pausedTitle(edition) : 'It could not be sent';
    return (
      <Alert color={status === 'paused' ? 'orange' : 'accent'} title={title} mb="md" role="alert">
        {statusReason ?? 'No reason was given.'}
      </Alert>
    );
  }
  if (status === 'cancelled' && statusReason) {
    return (
      <Alert color="gray" variant="light" mb="md">
        {statusReason}
      </Alert>
    );
  }
  if (status !== 'scheduled') return null;
  return (
    <Alert color="blue" variant="light" mb="md">
      It goes out on {showTime(sendAt)}.
    </Alert>
  );
}
