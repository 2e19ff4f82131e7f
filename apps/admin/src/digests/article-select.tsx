import { MultiSelect, type MultiSelectProps } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { one, useList } from '../api/queries';
import type { ArticleItem } from '../api/types';
import { showTime } from '../ui/format';

const RECENT = 200;
const SHOWN = 50;

/** Chooses among recent articles by their titles. What was chosen long ago keeps its name. */
export function ArticleSelect({ value = [], ...props }: MultiSelectProps) {
  const { rows } = useList('/articles', {}, { limit: RECENT });
  const recent = (rows ?? []).filter(({ id, retractedAt }) => !retractedAt || value.includes(id));
  const missing = rows ? value.filter((id) => !rows.some((article) => article.id === id)) : [];
  const older = useQueries({
    queries: missing.map((id) => one('/articles/{id}', id)),
  });
  const options = [
    ...recent.map(optionOf),
    ...missing.map((id, index) => {
      const article = older[index]?.data;
      return article ? optionOf(article) : { value: id, label: `article …${id.slice(-8)}` };
    }),
  ];
  return (
    <MultiSelect
      {...props}
      value={value}
      data={options}
      limit={SHOWN}
      searchable
      nothingFoundMessage="No recent article has this title."
    />
  );
}

function optionOf({ id, title, publishedAt }: ArticleItem) {
  return { value: id, label: `${title} · ${showTime(publishedAt)}` };
}
