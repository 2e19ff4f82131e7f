import { Group, Tabs } from '@mantine/core';
import { refresh, useList, useOne, usePublication } from '../api/queries';
import { api, at } from '../api/request';
import { useMay } from '../api/session';
import type { Digest } from '../api/types';
import { EditionRow } from '../editions/view/edition-row';
import { navigate } from '../router/router';
import { Agenda } from '../slots/agenda';
import { HeldSlots } from '../slots/held-slots';
import { ConfirmButton } from '../ui/confirm-button';
import { LinkButton } from '../ui/link-button';
import { PageHead, Section } from '../ui/page-head';
import { List } from '../ui/rows';
import { Loaded } from '../ui/states';
import { DigestFields } from './digest-form';
import { spokenNext, spokenSchedule } from './spoken-schedule';

const BACK = { to: '/digests', label: 'Digests' };
const COMING_DAYS = 31;
const COMING = 5;
const LATEST = 5;

export function NewDigestPage() {
  return (
    <>
      <PageHead title="Make a digest" back={BACK} />
      <DigestFields />
    </>
  );
}

/** A digest: what comes and what was, and its settings. */
export function DigestPage({ id, tab }: { id: string; tab?: string | undefined }) {
  const digest = useOne('/digests/{id}', id);
  const mayWrite = useMay('digests:write');
  const open = (value: string | null) =>
    navigate(value === 'settings' ? `/digests/${id}/settings` : `/digests/${id}`, { replace: true });
  return (
    <Loaded of={digest}>
      {(known) => (
        <>
          <PageHead title={known.name} back={BACK}>
            {mayWrite && (
              <Group gap="xs">
                <LinkButton to={`/digests/${id}/draft`} variant="default">
                  Draft an edition
                </LinkButton>
                <EndButton digest={known} />
              </Group>
            )}
          </PageHead>
          <Tabs value={tab === 'settings' ? tab : 'editions'} keepMounted={false} onChange={open}>
            <Tabs.List mb="lg">
              <Tabs.Tab value="editions">What comes, what was</Tabs.Tab>
              <Tabs.Tab value="settings">Settings</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="editions">
              <Editions digest={known} />
            </Tabs.Panel>
            <Tabs.Panel value="settings">
              <DigestFields digest={known} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </Loaded>
  );
}

function Editions({ digest }: { digest: Digest }) {
  const { rows, ...list } = useList('/editions', { digestId: digest.id }, { limit: LATEST });
  return (
    <>
      <Standing digest={digest} />
      <HeldSlots digestId={digest.id} />
      {digest.schedule && (
        <Section title="Coming">
          <Agenda days={COMING_DAYS} most={COMING} digestId={digest.id} />
        </Section>
      )}
      <Section title="Latest editions">
        <List of={{ ...list, rows, hasNextPage: false }} empty="There is no edition of it lately.">
          {(edition) => <EditionRow key={edition.id} edition={edition} digests={[digest]} />}
        </List>
      </Section>
    </>
  );
}

function Standing({ digest }: { digest: Digest }) {
  const { schedule, nextAt, approval } = digest;
  const zone = usePublication().data?.timeZone;
  return (
    <dl className="facts">
      <dt>Schedule</dt>
      <dd>{schedule ? spokenSchedule(schedule, zone) : 'none: it goes out when an operator says so'}</dd>
      <dt>Next</dt>
      <dd>{nextAt ? spokenNext({ schedule, nextAt }, zone) : '–'}</dd>
      <dt>Approval</dt>
      <dd>
        {approval
          ? `${approval.minutes} minutes before; without an answer it is ${approval.otherwise === 'send' ? 'sent' : 'skipped'}`
          : 'not needed'}
      </dd>
    </dl>
  );
}

function EndButton({ digest }: { digest: Digest }) {
  const end = async () => {
    await api.DELETE('/digests/{id}', at(digest.id));
    navigate('/digests');
    await refresh('/digests', '/calendar');
  };
  return (
    <ConfirmButton isDanger label="End the digest" title="End this digest?" yes="End it" act={end}>
      Every subscription to “{digest.name}” ends and no further edition of it can be drafted. Editions that
      were sent stay. This can not be undone.
    </ConfirmButton>
  );
}
