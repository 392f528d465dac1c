/** ⑧ Entry of the page. */
import { render } from 'preact';
import { App } from './app.tsx';
import { followTheme } from './theme.ts';

followTheme();
const root = document.getElementById('app');
if (root !== null) render(<App isEmbedded={location.pathname === '/embed'} />, root);
