import { useList } from '../api/queries';
import { useMay } from '../api/session';
import type { Feed } from '../api/types';
import { LinkButton } from '../ui/link-button';
import { PageHead } from '../ui/page-head';
import { List, Row } from '../ui/rows';
import { FeedState, paceOf } from './feed-state';

/** Where articles come in by themselves. */
export function FeedsPage() {
  const feeds = useList('/feeds');
  const mayWrite = useMay('digests:write');
  return (
    <>
      <PageHead title="Feeds">{mayWrite && <LinkButton to="/feeds/new">Add a feed</LinkButton>}</PageHead>
      <List of={feeds} empty="There are no feeds yet. With one, articles come in by themselves.">
        {(feed) => (
          <Row key={feed.id} title={feed.name} to={`/feeds/${feed.id}`} meta={<About feed={feed} />}>
            <FeedState feed={feed} />
          </Row>
        )}
      </List>
    </>
  );
}

function About({ feed }: { feed: Feed }) {
  return (
    <>
      <div>{feed.url}</div>
      <div>{paceOf(feed)}</div>
      {feed.lastError && <div className="failure">{feed.lastError}</div>}
    </>
  );
}
