import { Module } from '@nestjs/common';
import { ReturnReader } from './return-reader.js';
import { ReturnSandbox } from './return-sandbox.js';

/** What a mail that came back says. */
@Module({
  providers: [
    ReturnSandbox,
    {
      provide: ReturnReader,
      inject: [ReturnSandbox],
      useFactory: ({ sandbox }: ReturnSandbox) => new ReturnReader(sandbox),
    },
  ],
  exports: [ReturnReader],
})
export class ReturnReadingModule {}
