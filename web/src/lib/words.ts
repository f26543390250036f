// A state is never told by colour alone: each has a sign and a word.
import type { State } from './fleet';

export const glyphs: Record<State, string> = { alarm: '◆', stale: '?', no_data: '×', normal: '' };
export const words: Record<State, string> = { alarm: 'in alarm', stale: 'stale', no_data: 'no data', normal: 'normal' };
