// What goes out with the program, by licence: packages of the command from the restored project, of the page from its lock file.
//
//   node eng/dependencies.js notices            prints THIRD-PARTY-NOTICES
//   node eng/dependencies.js check              compares with the file: 1 and what to do when it is not up to date
//   node eng/dependencies.js sbom VERSION COMMIT   prints a bill of materials (CycloneDX 1.5, JSON)
'use strict';
const fs = require('fs');
const path = require('path');
const { randomUUID } = require('crypto');

const root = path.join(__dirname, '..');
const file = path.join(root, 'THIRD-PARTY-NOTICES');

// What a package does not say of itself, or says differently where a local stand-in takes its place (eng/native.sh).
const known = {
  'librdkafka.redist': {
    license: 'BSD-2-Clause', copyright: 'Copyright (c) 2012-2022 Magnus Edenhill, 2023 Confluent Inc.',
    note: 'Carries lz4 (BSD-2-Clause), snappy (BSD-3-Clause), cJSON (MIT), nanopb and tinycthread (zlib), queue.h and regexp (BSD, public domain), '
      + 'crc32c and xxHash (zlib, BSD-2-Clause), and, linked or carried, OpenSSL (Apache-2.0), zlib (zlib) and zstd (BSD-3-Clause).',
  },
  'SQLitePCLRaw.lib.e_sqlite3': { note: 'Carries SQLite, which is in the public domain.' },
  'Swashbuckle.AspNetCore.SwaggerUI': { note: 'Carries Swagger UI (Apache-2.0), Copyright SmartBear Software.' },
  'Spectre.Console': { note: 'Carries code of Wcwidth (MIT).' },
  'lightweight-charts': { copyright: 'Copyright (c) TradingView, Inc. https://www.tradingview.com/', note: 'TradingView Lightweight Charts(TM).' },
  'xmlhttprequest-ssl': { license: 'MIT', copyright: 'Copyright (c) 2010 passive.ly LLC' },
  debug: { copyright: 'Copyright (c) 2014-2017 TJ Holowaychuk, 2018-2021 Josh Junon' },
  'fancy-canvas': { copyright: 'Copyright (c) 2019 smakarov' },
  ms: { copyright: 'Copyright (c) 2020 Vercel, Inc.' },
  ws: { copyright: 'Copyright (c) 2011 Einar Otto Stangvik, 2013 Arnout Kazemier, 2016 Luigi Pinca' },
  '@socket.io/component-emitter': { copyright: 'Copyright (c) 2014 Component contributors' },
};
const socketIo = 'Copyright (c) 2014-present Guillermo Rauch and Socket.IO contributors';

// The framework is part of self-contained builds and of images.
const framework = {
  ecosystem: 'nuget', name: 'Microsoft.NETCore.App and Microsoft.AspNetCore.App', version: '10.0', license: 'MIT',
  copyright: 'Copyright (c) .NET Foundation and Contributors',
  note: 'Its own third-party notices are in THIRD-PARTY-NOTICES.TXT of the .NET runtime.',
};

/** Packages of which something is at run time: analyzers and generators are not. */
function nugetPackages() {
  const assetsFile = path.join(root, 'src/Pipeline.Host/obj/project.assets.json');
  if (!fs.existsSync(assetsFile)) throw new Error('src/Pipeline.Host is not restored: make build');
  const assets = JSON.parse(fs.readFileSync(assetsFile, 'utf8'));
  const folders = Object.keys(assets.packageFolders);
  const target = Object.entries(assets.targets).sort(([a], [b]) => a.length - b.length)[0][1];
  const parts = ['runtime', 'native', 'runtimeTargets'];
  return Object.entries(target)
    .filter(([, value]) => value.type === 'package' && parts.some(part => Object.keys(value[part] ?? {}).some(name => !name.endsWith('_._'))))
    .map(([key]) => {
      const [name, version] = key.split('/');
      const library = assets.libraries[key];
      const folder = folders.map(one => path.join(one, library.path)).find(one => fs.existsSync(one));
      if (!folder) throw new Error(`${key} is not in the package folder: make build`);
      const nuspec = fs.readFileSync(path.join(folder, fs.readdirSync(folder).find(one => one.endsWith('.nuspec'))), 'utf8');
      const tag = word => (nuspec.match(new RegExp(`<${word}[^>]*>([^<]*)</${word}>`)) ?? [])[1]?.trim();
      const license = /<license type="expression"/.test(nuspec) ? tag('license') : undefined;
      return {
        ecosystem: 'nuget', name, version, license, copyright: tag('copyright') ?? `Copyright (c) ${tag('authors')}`,
        sha512: name in known && known[name].license ? undefined : library.sha512, ...known[name],
      };
    });
}

function npmPackages() {
  const lock = JSON.parse(fs.readFileSync(path.join(root, 'src/web/package-lock.json'), 'utf8'));
  return Object.entries(lock.packages)
    .filter(([key, value]) => key !== '' && !value.dev)
    .map(([key, value]) => {
      const name = key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const copyright = /socket\.io|engine\.io/.test(name) ? socketIo : undefined;
      return { ecosystem: 'npm', name, version: value.version, license: value.license, copyright, integrity: value.integrity, ...known[name] };
    });
}

function all() {
  const packages = [...nugetPackages(), ...npmPackages()];
  const unclear = packages.filter(one => !one.license || !one.copyright);
  if (unclear.length > 0) {
    throw new Error(`say in eng/dependencies.js what is known of ${unclear.map(one => `${one.name} ${one.version}`).join(', ')}`);
  }
  const odd = packages.filter(one => !(one.license in texts));
  if (odd.length > 0) throw new Error(`is it allowed? ${odd.map(one => `${one.name}: ${one.license}`).join(', ')}; add its text to eng/dependencies.js`);
  return packages.sort((a, b) => (a.ecosystem + a.name < b.ecosystem + b.name ? -1 : 1));
}

const warranty = (who) => `THIS SOFTWARE IS PROVIDED BY ${who} "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT
LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE
COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES
(INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION)
HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE)
ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.`;
const conditions = `Redistribution and use in source and binary forms, with or without modification, are permitted provided that the following conditions
are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions and the following disclaimer.

2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following disclaimer in
   the documentation and/or other materials provided with the distribution.`;
const holders = 'THE COPYRIGHT HOLDERS AND CONTRIBUTORS';
const texts = {
  MIT: `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR
ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH
THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
  'BSD-2-Clause': `${conditions}\n\n${warranty(holders)}`,
  'BSD-3-Clause': `${conditions}

3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote products derived from
   this software without specific prior written permission.

${warranty(holders)}`,
  'Apache-2.0': 'The text is in the file LICENSE, as it is the licence of this program too.',
};

function notices() {
  const packages = [framework, ...all()];
  const lines = [
    'Third-party notices', '',
    'This program is licensed under Apache-2.0 (LICENSE) and goes out with the software listed here, which has licences of its own.',
    'Made by `make notices` from the restored packages; `make notices-check` compares.', '',
  ];
  for (const license of Object.keys(texts)) {
    lines.push('='.repeat(100), license, '='.repeat(100), '');
    for (const one of packages.filter(each => each.license === license)) {
      lines.push(`${one.name} ${one.version} (${one.ecosystem === 'nuget' ? 'NuGet' : 'npm'})`, `    ${one.copyright}`);
      if (one.note) lines.push(`    ${one.note}`);
    }
    lines.push('', texts[license], '');
  }
  return lines.join('\n');
}

function sbom(version, commit) {
  const toUrl = one => one.ecosystem === 'nuget' ? `pkg:nuget/${one.name}@${one.version}` : `pkg:npm/${one.name.replace('@', '%40')}@${one.version}`;
  const toHashes = one => {
    const base64 = one.sha512 ?? (one.integrity?.startsWith('sha512-') ? one.integrity.slice(7) : undefined);
    return base64 ? [{ alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') }] : undefined;
  };
  const seen = new Set();
  const components = all().filter(one => !seen.has(toUrl(one)) && seen.add(toUrl(one))).map(one => ({
    type: 'library', 'bom-ref': toUrl(one), name: one.name, version: one.version, purl: toUrl(one), copyright: one.copyright,
    licenses: [{ license: { id: one.license } }], hashes: toHashes(one),
  }));
  const self = `pkg:generic/pipeline@${version}`;
  return JSON.stringify({
    bomFormat: 'CycloneDX', specVersion: '1.5', serialNumber: `urn:uuid:${randomUUID()}`, version: 1,
    metadata: {
      timestamp: new Date().toISOString(),
      tools: { components: [{ type: 'application', name: 'eng/dependencies.js', version }] },
      component: {
        type: 'application', 'bom-ref': self, name: 'pipeline', version, purl: self, licenses: [{ license: { id: 'Apache-2.0' } }],
        properties: [{ name: 'commit', value: commit }],
      },
    },
    components,
    dependencies: [{ ref: self, dependsOn: components.map(one => one['bom-ref']) }],
  }, null, 2);
}

try {
  const [command, version, commit] = process.argv.slice(2);
  if (command === 'notices') {
    process.stdout.write(notices());
  } else if (command === 'check') {
    if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== notices()) {
      throw new Error('THIRD-PARTY-NOTICES is not what the packages say: make notices, and look at what changed');
    }
    console.log(`THIRD-PARTY-NOTICES lists all ${all().length} packages`);
  } else if (command === 'sbom' && version) {
    console.log(sbom(version, commit ?? 'unknown'));
  } else {
    throw new Error('usage: node eng/dependencies.js notices | check | sbom VERSION COMMIT');
  }
} catch (error) {
  console.error(`dependencies: ${error.message}`);
  process.exit(1);
}
