import { PageHead } from '../ui/page-head';
import { TransportFields } from './transport-form';

export function NewTransportPage() {
  return (
    <>
      <PageHead title="Add a transport" back={{ to: '/transports', label: 'Transports' }} />
      <TransportFields />
    </>
  );
}
