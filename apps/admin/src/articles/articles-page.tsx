import { Group, NativeSelect } from '@mantine/core';
import { z } from 'zod/mini';
import { useList } from '../api/queries';
import { useMay } from '../api/session';
import type { ArticleItem, ArticleState } from '../api/types';
import { oneOf, useFilters } from '../router/use-filters';
import { showTime } from '../ui/format';
import { LinkButton } from '../ui/link-button';
import { PageHead } from '../ui/page-head';
import { List, Row } from '../ui/rows';
import { RetractButton } from './article-actions';
import { ArticleBadges } from './article-badges';

const STATES: { value: ArticleState; label: string }[] = [
  { value: 'draft', label: 'Drafts to review' },
  { value: 'scheduled', label: 'Dated ahead' },
  { value: 'embargoed', label: 'Under embargo' },
  { value: 'published', label: 'Published' },
  { value: 'retracted', label: 'Retracted' },
];

const filters = z.object({ state: oneOf(['draft', 'scheduled', 'embargoed', 'published', 'retracted']) });

export function ArticlesPage() {
  const [{ state = '' }, set] = useFilters(filters);
  const articles = useList('/articles', state ? { state } : {});
  const mayWrite = useMay('drafts:write');
  return (
    <>
      <PageHead title="Articles">
        {mayWrite && (
          <Group gap="xs">
            <LinkButton to="/articles/import" variant="default">
              Import by URL
            </LinkButton>
            <LinkButton to="/articles/new">Add an article</LinkButton>
          </Group>
        )}
      </PageHead>
      <NativeSelect
        aria-label="Which articles"
        data={[{ value: '', label: 'All articles' }, ...STATES]}
        value={state}
        onChange={({ currentTarget }) => set({ state: currentTarget.value })}
        mb="md"
        maw={260}
      />
      <List
        of={articles}
        empty={
          state
            ? 'No article is in this state.'
            : 'There are no articles yet. The first you add appears on the site at once.'
        }
      >
        {(article) => (
          <Row
            key={article.id}
            title={article.title}
            to={`/articles/${article.id}`}
            meta={<Meta article={article} />}
          >
            <Group gap="xs">
              <ArticleBadges article={article} />
              {mayWrite && <Actions article={article} />}
            </Group>
          </Row>
        )}
      </List>
    </>
  );
}

function Actions({ article }: { article: ArticleItem }) {
  if (article.retractedAt) return null;
  return article.draft ? (
    <LinkButton to={`/articles/${article.id}`} variant="default" size="xs">
      Review
    </LinkButton>
  ) : (
    <RetractButton article={article} size="xs" />
  );
}

function Meta({ article }: { article: ArticleItem }) {
  const { author, state, embargoUntil, publishedAt, sourceChangedAt } = article;
  const topics = article.topics.map(({ name }) => name).join(', ');
  const when =
    state === 'embargoed' ? `under embargo until ${showTime(embargoUntil)}` : showTime(publishedAt);
  return (
    <>
      {[when, author, topics, sourceChangedAt && 'changed at its source'].filter(Boolean).join(' · ')}
      {state === 'published' && (
        <>
          {' · '}
          <a href={article.pageUrl} target="_blank" rel="noreferrer">
            on the site
          </a>
        </>
      )}
    </>
  );
}
