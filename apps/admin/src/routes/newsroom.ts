import type { MovedRow, PageRow } from './page-route';

/** What is written, and what it is about. */
export const NEWSROOM: PageRow[] = [
  {
    path: '/articles',
    needs: 'content:read',
    page: async () => (await import('../articles/articles-page')).ArticlesPage,
  },
  {
    path: '/articles/new',
    needs: 'drafts:write',
    page: async () => (await import('../articles/article-page')).NewArticlePage,
  },
  {
    path: '/articles/import',
    needs: 'drafts:write',
    page: async () => (await import('../articles/import-page')).ImportPage,
  },
  {
    path: '/articles/$id',
    needs: 'content:read',
    page: async () => (await import('../articles/article-page')).ArticlePage,
  },
  {
    path: '/feeds',
    needs: 'content:read',
    page: async () => (await import('../feeds/feeds-page')).FeedsPage,
  },
  {
    path: '/feeds/new',
    needs: 'digests:write',
    page: async () => (await import('../feeds/feed-page')).NewFeedPage,
  },
  {
    path: '/feeds/$id',
    needs: 'content:read',
    page: async () => (await import('../feeds/feed-page')).FeedPage,
  },
  {
    path: '/topics',
    needs: 'content:read',
    page: async () => (await import('../topics/topics-page')).TopicsPage,
  },
];

export const MOVED_TO_NEWSROOM: MovedRow[] = [{ path: '/settings/topics', to: '/topics' }];
