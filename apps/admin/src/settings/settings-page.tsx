import { Tabs } from '@mantine/core';
import { usePublication } from '../api/queries';
import { useMay, useSession } from '../api/session';
import { navigate } from '../router/router';
import { PageHead } from '../ui/page-head';
import { Loaded } from '../ui/states';
import { AccountPanel } from './account-panel';
import { ApiKeys } from './api-keys';
import { MeasuringForm } from './measuring-form';
import { PublicationForm } from './publication-form';
import { TeamPanel } from './team-panel';
import { TermsPanel } from './terms-panel';
import { TopicsPanel } from './topics-panel';
import { WordingForm } from './wording-form';

export function SettingsPage({ tab }: { tab: string }) {
  const publication = usePublication();
  const mayMakeKeys = useMay('keys:manage');
  const mayManage = useMay('operators:manage');
  const isOperator = useSession().data?.isOperator;
  return (
    <>
      <PageHead title="Settings" />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => navigate(`/settings/${value ?? 'publication'}`, { replace: true })}
      >
        <Tabs.List mb="lg">
          <Tabs.Tab value="publication">Publication</Tabs.Tab>
          <Tabs.Tab value="wording">Sign-up form</Tabs.Tab>
          <Tabs.Tab value="measuring">Measuring</Tabs.Tab>
          <Tabs.Tab value="terms">Terms</Tabs.Tab>
          <Tabs.Tab value="topics">Topics</Tabs.Tab>
          {mayMakeKeys && <Tabs.Tab value="keys">API keys</Tabs.Tab>}
          {mayManage && <Tabs.Tab value="team">Team</Tabs.Tab>}
          {isOperator && <Tabs.Tab value="account">My account</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="publication">
          <Loaded of={publication}>{(known) => <PublicationForm publication={known} />}</Loaded>
        </Tabs.Panel>
        <Tabs.Panel value="wording">
          <Loaded of={publication}>{(known) => <WordingForm publication={known} />}</Loaded>
        </Tabs.Panel>
        <Tabs.Panel value="measuring">
          <Loaded of={publication}>{(known) => <MeasuringForm publication={known} />}</Loaded>
        </Tabs.Panel>
        <Tabs.Panel value="terms">
          <TermsPanel />
        </Tabs.Panel>
        <Tabs.Panel value="topics">
          <TopicsPanel />
        </Tabs.Panel>
        <Tabs.Panel value="keys">
          <ApiKeys />
        </Tabs.Panel>
        <Tabs.Panel value="team">
          <TeamPanel />
        </Tabs.Panel>
        <Tabs.Panel value="account">
          <AccountPanel />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
