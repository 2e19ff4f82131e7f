import type { ReturnedMessage } from '../api/types';
import { Link } from '../router/router';
import { EventBadge } from './event-badge';
import { ACTIONS, kindOf } from './event-words';

/** What a mail is that came back, and what it does or would do. */
export function IngestedView({ found, isDone }: { found: ReturnedMessage; isDone: boolean }) {
  const { kind, results } = found;
  return (
    <div className="well">
      <p className="no-margin">
        <strong>{isDone ? 'It was taken.' : 'It would be taken as this.'}</strong> It is: {kindOf(kind)}
        {results.length === 0 && ', and is about no reader'}.
      </p>
      {results.length > 0 && (
        <ul className="rows">
          {results.map((result, at) => (
            <li key={at}>
              <div className="row-text">
                <div className="row-title">{result.recipient ?? 'An address that is not told'}</div>
                <div className="row-meta">
                  {result.status} {result.reason}
                </div>
                <div className="row-meta">
                  {ACTIONS[result.action]}{' '}
                  {result.subscriberId ? (
                    <Link to={`/subscribers/${result.subscriberId}`}>The reader</Link>
                  ) : (
                    'No reader of ours.'
                  )}
                </div>
              </div>
              <EventBadge event={{ kind, class: result.class }} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
