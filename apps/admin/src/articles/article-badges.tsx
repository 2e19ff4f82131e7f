import { Badge, Group } from '@mantine/core';
import type { ArticleItem } from '../api/types';
import { StatusBadge } from '../ui/status-badge';

/** Where an article stands, and what is special about it. */
export function ArticleBadges({ article }: { article: ArticleItem }) {
  return (
    <Group gap={6} component="span" display="inline-flex">
      {article.breaking && (
        <Badge color="accent" variant="outline">
          breaking
        </Badge>
      )}
      {article.correctedAt && (
        <Badge color="gray" variant="outline">
          corrected
        </Badge>
      )}
      {article.priority !== 0 && (
        <Badge color="gray" variant="outline">
          priority {article.priority}
        </Badge>
      )}
      <StatusBadge status={article.state} />
    </Group>
  );
}
