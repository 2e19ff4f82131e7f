// Everything works without this file; it spares some typing and scrolling.
(() => {
  'use strict';
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const field of document.querySelectorAll('[data-time-zone]')) {
    if (!zone || field.value !== '') continue;
    field.value = zone;
    // Browsers and servers know some zones by different names (Asia/Kolkata is Asia/Calcutta): both mean the same.
    if (field.value !== zone) field.add(new Option(zone.replaceAll('_', ' '), zone, true, true));
  }
  document.querySelector('[data-focus]')?.focus();
})();
