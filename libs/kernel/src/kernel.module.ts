import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { Config } from './config/config.js';
import { Keyring } from './crypto/keyring.js';
import { createLog, Log } from './observing/logger.js';
import { Metrics } from './observing/metrics.js';
import { TokenSigner } from './crypto/tokens.js';

/** Provides the configuration, the clock, the log, the keyring and the token signer to every lib. */
@Global()
@Module({})
export class KernelModule {
  /** @param log given by a main that has logged already */
  static with(config: Config, log: Log = createLog(config.log)): DynamicModule {
    const keyring = new Keyring(config.secrets);
    return {
      module: KernelModule,
      providers: [
        { provide: Config, useValue: config },
        { provide: Clock, useClass: SystemClock },
        { provide: Log, useValue: log },
        { provide: Metrics, useFactory: () => new Metrics() },
        { provide: Keyring, useValue: keyring },
        { provide: TokenSigner, useValue: new TokenSigner(keyring) },
      ],
      exports: [Config, Clock, Log, Metrics, Keyring, TokenSigner],
    };
  }
}
