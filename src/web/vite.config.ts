import { defineConfig } from 'vite';

// `npm run dev` shows the page against a gateway that runs elsewhere, by default the one `make up` starts.
const gateway = process.env['PIPELINE_GATEWAY'] ?? 'http://127.0.0.1:8080';
const toGateway = { target: gateway, changeOrigin: true, ws: true };

export default defineConfig({
  build: {
    outDir: '../../artifacts/web',
    emptyOutDir: true,
    target: 'es2022',
    // Nothing inline: the page is served under a content security policy that allows neither scripts nor styles in the document.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
  },
  server: {
    proxy: { '/api': toGateway, '/udf': toGateway, '/ws': toGateway, '/socket.io': toGateway },
  },
});
