import { Badge } from '@mantine/core';
import { refresh, useList } from '../api/queries';
import { api } from '../api/request';
import { useMay } from '../api/session';
import type { ArticleItem } from '../api/types';
import { ConfirmButton } from '../ui/confirm-button';
import { showTime } from '../ui/format';
import { LinkButton } from '../ui/link-button';
import { PageHead } from '../ui/page-head';
import { List, Row } from '../ui/rows';

export function ArticlesPage() {
  const articles = useList<ArticleItem>('/articles');
  const mayWrite = useMay('editor');
  return (
    <>
      <PageHead title="Articles">
        {mayWrite && <LinkButton to="/articles/new">Add an article</LinkButton>}
      </PageHead>
      <List of={articles} empty="There are no articles yet. The first you add appears on the site at once.">
        {(article) => (
          <Row
            key={article.id}
            title={article.title}
            to={`/articles/${article.id}`}
            meta={<Meta article={article} />}
          >
            {article.retractedAt ? (
              <Badge color="gray" variant="light">
                retracted
              </Badge>
            ) : (
              mayWrite && <RetractButton article={article} />
            )}
          </Row>
        )}
      </List>
    </>
  );
}

function Meta({ article }: { article: ArticleItem }) {
  const topics = article.topics.map(({ name }) => name).join(', ');
  const embargo = article.embargoUntil && new Date(article.embargoUntil) > new Date();
  return (
    <>
      {showTime(article.publishedAt)}
      {article.author && <> · {article.author}</>}
      {topics && <> · {topics}</>}
      {embargo && <> · under embargo until {showTime(article.embargoUntil)}</>} ·{' '}
      <a href={article.pageUrl} target="_blank" rel="noreferrer">
        on the site
      </a>
    </>
  );
}

/** Takes an article back from the site and from editions that are not sent. */
export function RetractButton({ article }: { article: ArticleItem }) {
  const retract = async () => {
    await api.post(`/articles/${article.id}/retract`);
    await refresh('/articles');
  };
  return (
    <ConfirmButton size="xs" label="Retract" title="Retract this article?" yes="Retract it" act={retract}>
      “{article.title}” is no longer shown on the site and no longer sent. Mail that was already accepted can
      not be called back. This can not be undone.
    </ConfirmButton>
  );
}
