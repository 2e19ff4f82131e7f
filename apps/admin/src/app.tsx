import type { ReactNode } from 'react';
import { AlarmsPage } from './alarms/alarms-page';
import { useSession } from './api/session';
import { ArticlePage, NewArticlePage } from './articles/article-page';
import { ArticlesPage } from './articles/articles-page';
import { ImportPage } from './articles/import-page';
import { BouncesPage } from './bounces/bounces-page';
import { ComposePage } from './compose/compose-page';
import { DeliverabilityPage } from './deliverability/deliverability-page';
import { DigestPage, NewDigestPage } from './digests/digest-page';
import { DigestsPage } from './digests/digests-page';
import { DraftPage } from './editions/draft-page';
import { EditionPage } from './editions/edition-page';
import { EditionsPage } from './editions/editions-page';
import { FeedPage, NewFeedPage } from './feeds/feed-page';
import { FeedsPage } from './feeds/feeds-page';
import { InsightsPage } from './insights/insights-page';
import { OverviewPage } from './overview/overview-page';
import { Link, usePath } from './router/router';
import { SettingsPage } from './settings/settings-page';
import { Shell } from './shell/shell';
import { FirstRunPage } from './first-run/first-run-page';
import { FreshDialog } from './sign-in/fresh-dialog';
import { ForgotPage, InvitationPage, ResetPage } from './sign-in/link-pages';
import { SignInPage } from './sign-in/sign-in-page';
import { AddSubscriberPage } from './subscribers/add-subscriber-page';
import { SubscriberPage } from './subscribers/subscriber-page';
import { SubscribersPage } from './subscribers/subscribers-page';
import { TransportPage } from './transports/transport-page';
import { TransportsPage } from './transports/transports-page';
import { NewTransportPage } from './transports/new-transport-page';
import { PageHead } from './ui/page-head';
import { Failed, Waiting } from './ui/states';

/** Path patterns, first match wins; `:` stands for one segment, which the page is given. */
const ROUTES: [pattern: string, page: (id: string) => ReactNode][] = [
  ['/', () => <OverviewPage />],
  ['/articles', () => <ArticlesPage />],
  ['/articles/new', () => <NewArticlePage />],
  ['/articles/import', () => <ImportPage />],
  ['/articles/:', (id) => <ArticlePage key={id} id={id} />],
  ['/feeds', () => <FeedsPage />],
  ['/feeds/new', () => <NewFeedPage />],
  ['/feeds/:', (id) => <FeedPage key={id} id={id} />],
  ['/digests', () => <DigestsPage />],
  ['/digests/new', () => <NewDigestPage />],
  ['/digests/:', (id) => <DigestPage key={id} id={id} tab="editions" />],
  ['/digests/:/settings', (id) => <DigestPage key={id} id={id} tab="settings" />],
  ['/digests/:/draft', (id) => <DraftPage key={id} digestId={id} />],
  ['/editions', () => <EditionsPage />],
  ['/editions/new', () => <DraftPage />],
  ['/editions/:/compose', (id) => <ComposePage key={id} id={id} />],
  ['/editions/:', (id) => <EditionPage key={id} id={id} />],
  ['/subscribers', () => <SubscribersPage />],
  ['/subscribers/new', () => <AddSubscriberPage />],
  ['/subscribers/:', (id) => <SubscriberPage key={id} id={id} />],
  ['/insights', () => <InsightsPage />],
  ['/bounces', () => <BouncesPage />],
  ['/alarms', () => <AlarmsPage />],
  ['/deliverability', () => <DeliverabilityPage />],
  ['/transports', () => <TransportsPage />],
  ['/transports/new', () => <NewTransportPage />],
  ['/transports/:', (id) => <TransportPage key={id} id={id} />],
  ['/settings', () => <SettingsPage tab="publication" />],
  ['/settings/:', (tab) => <SettingsPage tab={tab} />],
];

function pageAt(path: string): ReactNode {
  for (const [pattern, page] of ROUTES) {
    const match = new RegExp(`^${pattern.replace(':', '([\\w-]+)')}$`).exec(path);
    if (match) return page(match[1] ?? '');
  }
  return (
    <>
      <PageHead title="There is no such page" />
      <Link to="/">Back to the overview</Link>
    </>
  );
}

/** Pages that need no session: behind links of mails, and of the first start. */
const DOORS: [pattern: RegExp, page: (token: string) => ReactNode][] = [
  [/^\/invitation\/([\w-]+)$/, (token) => <InvitationPage token={token} />],
  [/^\/reset-password\/([\w-]+)$/, (token) => <ResetPage token={token} />],
  [/^\/first-run\/([\w-]+)$/, (token) => <FirstRunPage token={token} />],
  [/^\/forgot-password()$/, () => <ForgotPage />],
];

function doorAt(path: string): ReactNode {
  for (const [pattern, page] of DOORS) {
    const match = pattern.exec(path);
    if (match) return page(match[1] ?? '');
  }
  return null;
}

export function App() {
  const session = useSession();
  const path = usePath();
  const door = doorAt(path);
  if (door) return door;
  if (session.data === undefined) {
    return (
      <main>{session.isError ? <Failed error={session.error} again={session.refetch} /> : <Waiting />}</main>
    );
  }
  if (session.data === null) return <SignInPage />;
  return (
    <>
      <Shell session={session.data}>{pageAt(path)}</Shell>
      <FreshDialog />
    </>
  );
}
