import { Module } from '@nestjs/common';
import { ReturnPaths } from './return-paths.js';

/** What differs from message to message. */
@Module({ providers: [ReturnPaths], exports: [ReturnPaths] })
export class MessagesModule {}
