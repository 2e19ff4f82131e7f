import type { EditionChecks } from '../api/types';

type Problem = EditionChecks['data'][number];

const WORDS = { error: 'Stops it', warning: 'Look at it', note: 'Note' } as const;
const RANK = { error: 0, warning: 1, note: 2 } as const;

/** What is wrong with the edition and what to do, the worst first. */
export function Warnings({ checks }: { checks: EditionChecks | undefined }) {
  if (!checks) return null;
  const { data, pendingLinks } = checks;
  const elsewhere = data.filter(({ where }) => where.articleId === null);
  const atStories = data.length - elsewhere.length;
  const sorted = elsewhere.sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  return (
    <section className="warnings" aria-label="Checks">
      <h2>Checks</h2>
      {atStories > 0 && (
        <p className="small">
          {atStories === 1 ? 'One more stands at its story.' : `${atStories} more stand at their stories.`}
        </p>
      )}
      {data.length === 0 && <p className="quiet">Nothing stands out.</p>}
      <ul>
        {sorted.map((problem) => (
          <li key={keyOf(problem)} data-severity={problem.severity}>
            <span className="severity">{WORDS[problem.severity]}</span>
            <div>
              {problem.message} <span className="quiet">{problem.todo}</span>
              {problem.where.url && <div className="small anywhere">{problem.where.url}</div>}
            </div>
          </li>
        ))}
      </ul>
      {pendingLinks > 0 && (
        <p className="quiet small" role="status">
          Trying {pendingLinks} {pendingLinks === 1 ? 'link' : 'links'} …
        </p>
      )}
    </section>
  );
}

const keyOf = ({ code, where, message }: Problem) => [code, where.articleId, where.url, message].join(' ');
