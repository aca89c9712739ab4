// Firebase Hosting's own engine (superstatic, which its emulator is made of), with the routes and headers
// that Terraform gives it. Each rewrite answers with its service's name instead of calling it.
// stdin: {"config": …}; stdout: its port.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
const require = createRequire(process.argv[2] + "/");
const { default: superstatic } = require("superstatic");
const config = JSON.parse(readFileSync(0, "utf8"));
const run = (rewrite) =>
  Promise.resolve((request, response) => {
    response.setHeader("X-Service", rewrite.run.serviceId);
    response.end();
  });
const site = superstatic({ config, rewriters: { run } });
const server = createServer((request, response) =>
  site(request, response, () => {
    response.statusCode = 404;
    response.end();
  }),
);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
