import { refresh } from '../api/queries';
import { api, at } from '../api/request';
import type { ArticleItem } from '../api/types';
import { ConfirmButton } from '../ui/confirm-button';

/** Takes an article back from the site and from editions that are not sent. */
export function RetractButton({ article, size }: { article: ArticleItem; size?: 'xs' }) {
  const retract = async () => {
    await api.POST('/articles/{id}/retract', at(article.id));
    await refresh('/articles', '/editions');
  };
  return (
    <ConfirmButton
      size={size}
      isDanger
      about={article.title}
      label="Retract"
      title="Retract this article?"
      yes="Retract it"
      act={retract}
    >
      “{article.title}” is no longer shown on the site and no longer sent. Mail that was already accepted can
      not be called back. This can not be undone.
    </ConfirmButton>
  );
}

/** Lets a draft go, as it was saved last. */
export function ReleaseButton({ article }: { article: ArticleItem }) {
  const release = async () => {
    await api.PATCH('/articles/{id}', { ...at(article.id), body: { draft: false } });
    await refresh('/articles', '/editions');
  };
  return (
    <ConfirmButton
      variant="filled"
      label="Release"
      title="Release this article?"
      yes="Release it"
      act={release}
    >
      “{article.title}”, as it was saved last, is shown on the site and sent with the next digests, once its
      times let it.
      {article.breaking && ' It is breaking: readers who asked for alerts get it at once.'}
    </ConfirmButton>
  );
}
