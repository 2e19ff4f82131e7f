import '@mantine/notifications/styles.layer.css';
import { Notifications } from '@mantine/notifications';

/** Where what was said in passing stands: above the bar of telephones. */
export function Toasts() {
  return <Notifications position="bottom-right" limit={4} className="toasts" />;
}
