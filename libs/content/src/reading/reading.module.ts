import { Module } from '@nestjs/common';
import { ContentSandboxes, FeedContent, GivenContent } from './content-sandboxes.js';

/** Foreign input to stories, in processes of their own. */
@Module({
  providers: [
    ContentSandboxes,
    {
      provide: FeedContent,
      inject: [ContentSandboxes],
      useFactory: ({ feeds }: ContentSandboxes) => new FeedContent(feeds),
    },
    {
      provide: GivenContent,
      inject: [ContentSandboxes],
      useFactory: ({ given }: ContentSandboxes) => new GivenContent(given),
    },
  ],
  exports: [FeedContent, GivenContent],
})
export class ReadingModule {}
