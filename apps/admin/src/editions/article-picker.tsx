import { Badge, Input, Text } from '@mantine/core';
import { useList } from '../api/queries';
import type { ArticleItem } from '../api/types';
import { showTime } from '../ui/format';
import { More } from '../ui/rows';
import { Failed, Waiting } from '../ui/states';

interface ArticlePickerProps {
  value: string[];
  onChange: (ids: string[]) => void;
  error?: string | undefined;
}

/** Chooses articles. The order in which they are chosen is their order in the edition. */
export function ArticlePicker({ value, onChange, error }: ArticlePickerProps) {
  const articles = useList('/articles');
  const toggle = (id: string) =>
    onChange(value.includes(id) ? value.filter((other) => other !== id) : [...value, id]);
  if (!articles.rows) return articles.error ? <Failed error={articles.error} /> : <Waiting />;
  const choosable = articles.rows.filter((article) => !article.retractedAt || value.includes(article.id));
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
      <Text component="legend" size="sm" fw={600} pb={4}>
        Articles
      </Text>
      <Input.Description mb={6}>
        The first you choose leads, the others follow in the order chosen.
      </Input.Description>
      <div className="choices">
        {choosable.map((article) => (
          <Choice key={article.id} article={article} position={value.indexOf(article.id)} toggle={toggle} />
        ))}
        {choosable.length === 0 && (
          <p className="empty" style={{ margin: '1rem' }}>
            There are no articles yet.
          </p>
        )}
      </div>
      {error && <Input.Error mt={6}>{error}</Input.Error>}
      <More of={articles} />
    </fieldset>
  );
}

interface ChoiceProps {
  article: ArticleItem;
  /** Among the chosen, from 0; -1 when it is not. */
  position: number;
  toggle: (id: string) => void;
}

function Choice({ article, position, toggle }: ChoiceProps) {
  return (
    <label className="choice">
      <input type="checkbox" checked={position >= 0} onChange={() => toggle(article.id)} />
      <span className="choice-text">
        {article.title}
        <span className="quiet small"> · {showTime(article.publishedAt)}</span>
      </span>
      {position >= 0 && (
        <Badge variant="light" color="gray">
          {position === 0 ? 'leads' : position + 1}
        </Badge>
      )}
    </label>
  );
}
