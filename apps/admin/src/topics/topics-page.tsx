import { TopicsPanel } from './topics-panel';
import { PageHead } from '../ui/page-head';

/** What articles are about and readers choose. */
export function TopicsPage() {
  return (
    <>
      <PageHead title="Topics" />
      <TopicsPanel />
    </>
  );
}
