// Sets the colour scheme before the first paint; a file of its own because the content policy allows no inline script.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem('tandem-color-scheme');
  } catch {
    // Storage may be closed to this page; the system's choice then holds.
  }
  const dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
