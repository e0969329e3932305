// Runs before anything is drawn, so that a page of the other brightness never flashes up. Kept apart because inline scripts are refused.
(() => {
  let wanted = null;
  try {
    wanted = localStorage.getItem('pipeline.theme');
  } catch {
    // Storage may be forbidden; then the system's wish holds.
  }
  const light = wanted === 'light' || (wanted !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches);
  document.documentElement.dataset.theme = light ? 'light' : 'dark';
})();
