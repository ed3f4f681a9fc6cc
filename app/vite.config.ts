import babel from '@rolldown/plugin-babel';
import { lingui } from '@lingui/vite-plugin';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defaultClientConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// Relative addresses: the bundle works under any path of any static host.
export default defineConfig(({ mode }) => ({
  base: './',
  resolve: { conditions: ['specie-source', ...defaultClientConditions] },
  plugins: [
    babel({
      presets: [
        {
          preset: () => ({ plugins: ['@lingui/babel-plugin-lingui-macro'] }),
          rolldown: { filter: { code: '@lingui/' } },
        },
      ],
    }),
    react(),
    lingui({ failOnMissing: true, failOnCompileError: true }),
    tailwindcss(),
  ],
  define: {
    // The burner wallet is compiled out of production builds.
    __BURNER__: JSON.stringify(mode !== 'production'),
  },
  build: {
    target: ['chrome137', 'firefox130', 'safari17.4'],
    sourcemap: false,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
  },
}));
