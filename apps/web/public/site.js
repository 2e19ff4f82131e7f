// Everything works without this file; it spares some typing and scrolling.
(() => {
  'use strict';
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const field of document.querySelectorAll('[data-time-zone]')) {
    if (zone && field.value === '') field.value = zone;
    // A list that does not know the zone keeps its first entry.
    if (field.tagName === 'SELECT' && field.selectedIndex < 0) field.selectedIndex = 0;
  }
  document.querySelector('[data-focus]')?.focus();
})();
