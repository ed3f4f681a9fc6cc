import { createRoot } from 'react-dom/client';
import { StrictMode } from 'react';
import { App } from './app.tsx';
import { startI18n } from './i18n/i18n.ts';
import { startTheme } from './config/theme.ts';
import './styles/page.css';

declare global {
  /** Whether this build has a burner wallet: development and tests. */
  const __BURNER__: boolean;
}

startTheme();
if (__BURNER__) {
  const { registerBurner } = await import('./wallet/burner.ts');
  await registerBurner();
}
if (/android/i.test(navigator.userAgent)) {
  const { registerMobileWallets } = await import('./wallet/mobile.ts');
  registerMobileWallets();
}
await startI18n();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
