// The same request as a command and as programs, ready to run. They read the key from the environment.

import { address, key } from "./service.js";

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`; // for a shell
const literal = (text) => JSON.stringify(text); // for Python and for JavaScript

/** Returns a program that asks about a file, in "curl", "python" or "javascript". */
export function snippet(language, file, parameters) {
  const url = address("predict", parameters).href;
  const type = file.type || "application/octet-stream";
  return { curl, python, javascript }[language](url, file.name, type, Boolean(key.get()));
}

function curl(url, name, type, withKey) {
  return [
    `curl ${quoted(url)}`,
    ...(withKey ? ['-H "X-API-Key: $API_KEY"'] : []),
    `-H ${quoted("Content-Type: " + type)}`,
    `--data-binary ${quoted("@" + name)}`,
  ].join(" \\\n  ");
}

function python(url, name, type, withKey) {
  return `import json
${withKey ? "import os\n" : ""}import urllib.request

with open(${literal(name)}, "rb") as image:
    request = urllib.request.Request(
        ${literal(url)},
        data=image.read(),
        headers={
            "Content-Type": ${literal(type)},${withKey ? '\n            "X-API-Key": os.environ["API_KEY"],' : ""}
        },
    )
with urllib.request.urlopen(request) as response:
    for prediction in json.load(response)["predictions"]:
        print(f"{prediction['score']:.1%} {prediction['label']}")`;
}

function javascript(url, name, type, withKey) {
  return `// Node.js 18 or newer; save it as ask.mjs
import { readFile } from "node:fs/promises";

const response = await fetch(${literal(url)}, {
  method: "POST",
  headers: {
    "Content-Type": ${literal(type)},${withKey ? '\n    "X-API-Key": process.env.API_KEY,' : ""}
  },
  body: await readFile(${literal(name)}),
});
const { predictions } = await response.json();
for (const { label, score } of predictions) {
  console.log((score * 100).toFixed(1) + "% " + label);
}`;
}
