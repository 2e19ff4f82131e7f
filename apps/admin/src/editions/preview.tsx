import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/request';
import type { Edition } from '../api/types';
import { Loaded } from '../ui/states';

/** The mail as readers get it. Its links do nothing. */
export function Preview({ edition, format }: { edition: Edition; format: 'html' | 'text' }) {
  const path = `/editions/${edition.id}/preview`;
  const subjectAndArticles = `${edition.subject ?? ''} ${edition.articleIds.join()}`;
  // Read for both formats: what can not be rendered then says why, in words, instead of JSON in a frame.
  const text = useQuery({
    queryKey: [path, subjectAndArticles],
    queryFn: ({ signal }) => {
      const params = { path: { id: edition.id }, query: { format: 'text' as const } };
      return answer(api.GET('/editions/{id}/preview', { params, parseAs: 'text', signal }));
    },
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <Loaded of={text}>
      {(shown) =>
        format === 'text' ? (
          <pre className="plain" tabIndex={0} aria-label="The mail as plain text">
            {shown}
          </pre>
        ) : (
          <iframe
            key={subjectAndArticles}
            className="preview"
            title="The mail as readers get it"
            sandbox=""
            src={`/api/v1${path}?format=html`}
          />
        )
      }
    </Loaded>
  );
}
