// Light, dark, or as the system says. The choice is kept for the browser; the colours are in app.css.
export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const slot = 'coldvigil.theme';
const system = window.matchMedia('(prefers-color-scheme: dark)');

function kept(): Theme {
  const text = localStorage.getItem(slot);
  return themes.find((each) => each === text) ?? 'auto';
}

let chosen = $state<Theme>(kept());
let shown = $state<'light' | 'dark'>('light');

function show(): void {
  shown = chosen === 'auto' ? (system.matches ? 'dark' : 'light') : chosen;
  document.documentElement.dataset.theme = shown;
}

export const theme = {
  get chosen(): Theme {
    return chosen;
  },
  /** What is on the screen now: canvas drawings depend on it. */
  get shown(): 'light' | 'dark' {
    return shown;
  },
  choose(next: Theme): void {
    chosen = next;
    localStorage.setItem(slot, next);
    show();
  },
};

/** Before anything is mounted, so that nothing is drawn in the wrong colours. */
export function startTheme(): void {
  system.addEventListener('change', show);
  show();
}
