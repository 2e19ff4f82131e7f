import { Alert, Group } from '@mantine/core';
import { useOne } from '../api/queries';
import { useMay } from '../api/session';
import type { Article } from '../api/types';
import { showTime } from '../ui/format';
import { PageHead } from '../ui/page-head';
import { Loaded } from '../ui/states';
import { ReleaseButton, RetractButton } from './article-actions';
import { ArticleBadges } from './article-badges';
import { ArticleForm } from './article-form';
import { ArticleNumbers } from './article-numbers';
import { CorrectButton } from './correct-button';

const BACK = { to: '/articles', label: 'Articles' };

export function NewArticlePage() {
  return (
    <>
      <PageHead title="Add an article" back={BACK} />
      <ArticleForm />
    </>
  );
}

/** An article: where it stands, what can be done about it, and its fields. */
export function ArticlePage({ id }: { id: string }) {
  const article = useOne('/articles/{id}', id);
  const mayWrite = useMay('articles:publish');
  return (
    <Loaded of={article}>
      {(known) => (
        <>
          <PageHead title={known.title} back={BACK} badge={<ArticleBadges article={known} />}>
            {mayWrite && !known.draft && (
              <Group gap="xs">
                <CorrectButton article={known} />
                {!known.retractedAt && <RetractButton article={known} />}
              </Group>
            )}
          </PageHead>
          <Notices article={known} />
          {/* What is released or changed elsewhere is shown anew. */}
          <ArticleForm key={`${known.draft}`} article={known} />
          {!known.draft && <ArticleNumbers id={known.id} />}
        </>
      )}
    </Loaded>
  );
}

function Notices({ article }: { article: Article }) {
  const mayWrite = useMay('articles:publish');
  const { draft, retractedAt, sourceChangedAt, correction, correctedAt } = article;
  return (
    <>
      {retractedAt && (
        <Alert color="gray" mb="md">
          Retracted on {showTime(retractedAt)}: it is no longer shown or sent.
        </Alert>
      )}
      {draft && !retractedAt && (
        <Alert color="orange" variant="light" mb="md" title="A draft: neither shown nor sent">
          <p style={{ marginTop: 0 }}>
            Read it{article.url && <Original url={article.url} />}, mend and save what needs it, and then
            release it.
          </p>
          <details style={{ marginBottom: '0.75rem' }}>
            <summary>Its text as readers get it</summary>
            <pre className="plain" tabIndex={0}>
              {article.text}
            </pre>
          </details>
          {mayWrite && <ReleaseButton article={article} />}
        </Alert>
      )}
      {sourceChangedAt && (
        <Alert color="orange" variant="light" mb="md" title="Changed at its source">
          Its feed changed the story on {showTime(sourceChangedAt)}. The change was not taken over, since
          readers or operators had done something with it: compare, and correct it if need be.
        </Alert>
      )}
      {correction && (
        <Alert color="gray" variant="light" mb="md" title={`Corrected on ${showTime(correctedAt)}`}>
          <span className="lines">{correction}</span>
        </Alert>
      )}
    </>
  );
}

function Original({ url }: { url: string }) {
  return (
    <>
      {' '}
      beside{' '}
      <a href={url} target="_blank" rel="noreferrer">
        the original
      </a>
    </>
  );
}
