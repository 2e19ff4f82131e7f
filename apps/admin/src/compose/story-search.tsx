import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState, type ReactNode } from 'react';
import { useList } from '../api/queries';
import type { ArticleItem } from '../api/types';
import { showTime } from '../ui/format';
import { StatusBadge } from '../ui/status-badge';
import type { Story } from './draft';

export type FoundStory = Omit<Story, 'section'>;

interface StorySearchProps {
  /** Ids of those that are in the edition. */
  taken: string[];
  onFound: (stories: FoundStory[]) => void;
  onAdd: (story: FoundStory) => void;
  /** What a found story is dragged by. */
  handle: (story: FoundStory, children: ReactNode) => ReactNode;
}

const SHOWN = 8;
const PAUSE_MS = 200;

/** Finds stories by a word of their title; without one, the newest that are not in the edition. */
export function StorySearch({ taken, onFound, onAdd, handle }: StorySearchProps) {
  const [text, setText] = useState('');
  const [wanted] = useDebouncedValue(text.trim(), PAUSE_MS);
  const articles = useList('/articles', { q: wanted || undefined }, { limit: 30 });
  const rows = (articles.rows ?? []).filter((one) => !taken.includes(one.id) && one.state !== 'retracted');
  const shown = rows.slice(0, SHOWN);
  const ids = shown.map(({ id }) => id).join();
  useEffect(() => onFound(shown.map(storyOf)), [ids]);
  return (
    <div className="story-search">
      <TextInput
        type="search"
        label="Find stories"
        placeholder="A word of the headline"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ul aria-label="Stories found">
        {shown.map((article) => (
          <li key={article.id}>
            {handle(storyOf(article), <span className="found-name">{article.title}</span>)}
            <span className="found-meta">
              {article.state === 'published' ? (
                showTime(article.publishedAt)
              ) : (
                <StatusBadge status={article.state} />
              )}
            </span>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Add ${article.title}`}
              onClick={() => onAdd(storyOf(article))}
            >
              Add
            </Button>
          </li>
        ))}
      </ul>
      {articles.rows && shown.length === 0 && (
        <p className="section-empty">
          {wanted ? 'No other story has this in its title.' : 'Every story is in the edition.'}
        </p>
      )}
    </div>
  );
}

function storyOf({ id, title, state }: ArticleItem): FoundStory {
  return { articleId: id, title, state };
}
